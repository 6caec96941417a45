package main

const (
	arrayLength = 10_000
	primeLimit  = 3572
	handOvers   = 132_046
	tasks       = 100_000
)

func seqAll(n int) int {
	values, sum := make(chan int, n), 0
	for i := 0; i < n; i++ {
		values <- i
	}
	for i := 0; i < n; i++ {
		sum += <-values
	}
	return sum
}

// selectReceive selects among four channels, each with its producer.
func selectReceive(capacity, n int) int {
	var channels [parties]chan int
	for i := range channels {
		channels[i] = make(chan int, capacity)
		go produce(channels[i], i, parties, n)
	}
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-channels[0]:
			sum += v
		case v := <-channels[1]:
			sum += v
		case v := <-channels[2]:
			sum += v
		case v := <-channels[3]:
			sum += v
		}
	}
	return sum
}

var numbers = func() (all [arrayLength]int) {
	for i := range all {
		all[i] = i
	}
	return all
}()

func arrays(n int) int {
	sum := 0
	for seen := 0; seen < n; seen += arrayLength {
		values := make(chan int, 16)
		go func() {
			for _, v := range numbers {
				values <- v
			}
			close(values)
		}()
		for v := range values {
			sum += v
		}
	}
	return sum
}

func filter(input <-chan int, output chan<- int, prime int) {
	for v := range input {
		if v%prime != 0 {
			output <- v
		}
	}
	close(output)
}

// sieves hands over n numbers: a filter for each of 500 primes. The answer is the sum of the primes.
func sieves(n int) int {
	sum := 0
	for seen := 0; seen < n; seen += handOvers {
		values := make(chan int)
		go func(first chan<- int) {
			produce(first, 2, 1, primeLimit)
			close(first)
		}(values)
		for {
			prime, ok := <-values
			if !ok {
				break
			}
			sum += prime
			next := make(chan int)
			go filter(values, next, prime)
			values = next
		}
	}
	return sum
}

func park(n int) int {
	sum := 0
	for seen := 0; seen < n; seen += tasks {
		values, results := make(chan int), make(chan int, tasks)
		for i := 0; i < tasks; i++ {
			go func() { results <- <-values }()
		}
		if parked != nil {
			parked()
		}
		produce(values, 0, 1, tasks)
		for i := 0; i < tasks; i++ {
			sum += <-results
		}
	}
	return sum
}

type record struct {
	id     int
	name   string
	values []int
}

func objects(n int) int {
	values, sum := make(chan record, 1024), 0
	go func() {
		for i := 0; i < n; i++ {
			values <- record{i, "item-12", []int{1, 2, 3, 4, 5, 6, 7, i}}
		}
		close(values)
	}()
	for v := range values {
		sum += v.id
	}
	return sum
}
