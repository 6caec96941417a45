// Command millrace_bench runs one scenario of the benchmarks as a Go program would be written. It
// speaks the same protocol as the other contenders: a line with the number of values in, a line of JSON
// with nanoseconds, sum and processor time out. The argument "list" prints the scenarios instead.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const parties = 4

var scenarios = map[string]func(int) int{
	"seq":                    seq,
	"bounded_seq":            seqAll,
	"bounded0_spsc":          func(n int) int { return spsc(0, n) },
	"bounded1_spsc":          func(n int) int { return spsc(1, n) },
	"bounded16_spsc":         func(n int) int { return spsc(16, n) },
	"bounded16_spsc_rxfirst": func(n int) int { return spsc(16, n) },
	"pingpong":               pingpong,
	"bounded1024_spsc":       func(n int) int { return spsc(1024, n) },
	"bounded_spsc":           func(n int) int { return spsc(n, n) },
	"bounded0_mpsc":          func(n int) int { return mpsc(parties, 0, n) },
	"bounded16_mpsc8":        func(n int) int { return mpsc(8, 16, n) },
	"bounded_mpsc":           func(n int) int { return mpsc(parties, n, n) },
	"bounded0_mpmc":          func(n int) int { return mpmc(0, n) },
	"bounded16_mpmc":         func(n int) int { return mpmc(16, n) },
	"bounded_mpmc":           func(n int) int { return mpmc(n, n) },
	"batches":                func(n int) int { return spsc(1024, n) },
	"sendmany":               func(n int) int { return spsc(1024, n) },
	"sendmany_spsc":          func(n int) int { return spsc(16, n) },
	"select_ready2":          selectReady,
	"select_parked2":         selectParked,
	"select_idle":            selectIdle,
	"select_timeout":         selectTimeout,
	"bounded0_select_rx":     func(n int) int { return selectReceive(0, n) },
	"bounded_select_rx":      func(n int) int { return selectReceive(n, n) },
	"bounded0_select_both":   selectBoth,
	"abort_recv":             func(n int) int { return abort(16, n) },
	"abort_parked":           func(n int) int { return abort(0, n) },
	"from_gen":               func(n int) int { return spsc(1, n) },
	"array_loop":             arrays,
	"pipe_map3":              pipe,
	"merge8":                 func(n int) int { return mpsc(8, 0, n) },
	"sieve500":               sieves,
	"parked100k":             park,
	"shared_spsc":            func(n int) int { return spsc(1024, n) },
	"shared_batches":         func(n int) int { return spsc(1024, n) },
	"shared_main":            func(n int) int { return spsc(1024, n) },
	"shared_objects":         objects,
	"shared_pingpong":        pingpong,
	"shared_select1":         func(n int) int { return answered(1, n) },
	"shared_select64":        func(n int) int { return answered(64, n) },
	"workers_0":              func(n int) int { return workers(0, n) },
	"workers_10us":           func(n int) int { return workers(10, n) },
	"workers_100us":          func(n int) int { return workers(100, n) },
	"workers_1ms":            func(n int) int { return workers(1000, n) },
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "list" {
		for name := range scenarios {
			fmt.Println(name)
		}
		return
	}
	if len(os.Args) < 2 || scenarios[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: millrace_bench SCENARIO")
		os.Exit(2)
	}
	run := scenarios[os.Args[1]]
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		text := strings.TrimPrefix(lines.Text(), "bytes ")
		weighs := text != lines.Text()
		n, err := strconv.Atoi(text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if weighs {
			before := memory()
			parked = func() { parkedBytes = memory() - before }
			sum := run(n)
			fmt.Printf("{\"sum\":%d,\"bytes\":%d}\n", sum, parkedBytes/int64(n))
			continue
		}
		cpu, start := cpuTime(), time.Now()
		sum := run(n)
		ns := time.Since(start).Nanoseconds()
		fmt.Printf("{\"ns\":%d,\"sum\":%d,\"cpu\":%d}\n", ns, sum, cpuTime()-cpu)
	}
}

func cpuTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// memory is what is in use when the collector has run, stacks included.
func memory() int64 {
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapInuse + stats.StackInuse)
}

// parked is called when all goroutines wait, if their memory is asked for.
var parked func()
var parkedBytes int64

func produce(values chan<- int, first, step, n int) {
	for i := first; i < n; i += step {
		values <- i
	}
}

func seq(n int) int {
	values, sum := make(chan int, 16), 0
	for i := 0; i < n; i++ {
		select {
		case values <- i:
		default:
			panic("full")
		}
		select {
		case v := <-values:
			sum += v
		default:
			panic("empty")
		}
	}
	return sum
}

func spsc(capacity, n int) int {
	values, sum := make(chan int, capacity), 0
	go func() {
		produce(values, 0, 1, n)
		close(values)
	}()
	for v := range values {
		sum += v
	}
	return sum
}

func pingpong(n int) int {
	requests, answers, sum := make(chan int), make(chan int), 0
	go func() {
		for v := range requests {
			answers <- v
		}
	}()
	for i := 0; i < n; i++ {
		requests <- i
		sum += <-answers
	}
	close(requests)
	return sum
}

// shareOut runs producers and consumers, four of each, and ends the consumers when the producers are done.
func shareOut(producer func(first int), end func(), consumer func() int) int {
	var producers, consumers sync.WaitGroup
	sums := make([]int, parties)
	for i := 0; i < parties; i++ {
		i := i
		producers.Add(1)
		consumers.Add(1)
		go func() {
			defer producers.Done()
			producer(i)
		}()
		go func() {
			defer consumers.Done()
			sums[i] = consumer()
		}()
	}
	producers.Wait()
	end()
	consumers.Wait()
	sum := 0
	for _, s := range sums {
		sum += s
	}
	return sum
}

func mpmc(capacity, n int) int {
	values := make(chan int, capacity)
	return shareOut(
		func(first int) { produce(values, first, parties, n) },
		func() { close(values) },
		func() (sum int) {
			for v := range values {
				sum += v
			}
			return sum
		})
}

func selectReady(n int) int {
	a, b, sum, next := make(chan int, 16), make(chan int, 16), 0, 2
	if n > 0 {
		a <- 0
	}
	if n > 1 {
		b <- 1
	}
	for i := 0; i < n; i++ {
		var from chan int
		select {
		case v := <-a:
			from, sum = a, sum+v
		case v := <-b:
			from, sum = b, sum+v
		}
		if next < n {
			from <- next
			next++
		}
	}
	return sum
}

func selectParked(n int) int {
	a, b, sum := make(chan int), make(chan int), 0
	go func() {
		for i := 0; i < n; i++ {
			if i&1 == 0 {
				a <- i
			} else {
				b <- i
			}
		}
	}()
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		}
	}
	return sum
}

func selectIdle(n int) int {
	busy, idle, sum := make(chan int), make(chan int), 0
	go produce(busy, 0, 1, n)
	for i := 0; i < n; i++ {
		select {
		case v := <-busy:
			sum += v
		case <-idle:
		}
	}
	return sum
}

func selectTimeout(n int) int {
	values, sum := make(chan int), 0
	go produce(values, 0, 1, n)
	for i := 0; i < n; i++ {
		late := time.NewTimer(time.Second)
		select {
		case v := <-values:
			sum += v
		case <-late.C:
		}
		late.Stop()
	}
	return sum
}

func selectBoth(n int) int {
	a, b, c, d := make(chan int), make(chan int), make(chan int), make(chan int)
	return shareOut(
		func(first int) {
			for i := first; i < n; i += parties {
				select {
				case a <- i:
				case b <- i:
				case c <- i:
				case d <- i:
				}
			}
		},
		func() {
			close(a)
			close(b)
			close(c)
			close(d)
		},
		func() (sum int) {
			for {
				var v int
				var ok bool
				select {
				case v, ok = <-a:
				case v, ok = <-b:
				case v, ok = <-c:
				case v, ok = <-d:
				}
				if !ok {
					return sum
				}
				sum += v
			}
		})
}

func abort(capacity, n int) int {
	values, sum := make(chan int, capacity), 0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go produce(values, 0, 1, n)
	for i := 0; i < n; i++ {
		select {
		case v := <-values:
			sum += v
		case <-ctx.Done():
		}
	}
	return sum
}

func stage(input <-chan int, fn func(int) int) <-chan int {
	output := make(chan int, 1)
	go func() {
		for v := range input {
			output <- fn(v)
		}
		close(output)
	}()
	return output
}

func pipe(n int) int {
	values, sum := make(chan int, 1), 0
	go func() {
		produce(values, 0, 1, n)
		close(values)
	}()
	incremented := stage(values, func(v int) int { return v + 1 })
	doubled := stage(incremented, func(v int) int { return v * 2 })
	for v := range stage(doubled, func(v int) int { return v/2 - 1 }) {
		sum += v
	}
	return sum
}

func mpsc(sources, capacity, n int) int {
	values, sum := make(chan int, capacity), 0
	var producers sync.WaitGroup
	for i := 0; i < sources; i++ {
		producers.Add(1)
		go func(first int) {
			produce(values, first, sources, n)
			producers.Done()
		}(i)
	}
	go func() {
		producers.Wait()
		close(values)
	}()
	for v := range values {
		sum += v
	}
	return sum
}

const threads = 2

// turn is the work of all contenders: numbers that no compiler can leave out.
func turn(loops int) uint32 {
	x := uint32(1)
	for i := 0; i < loops; i++ {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
	}
	return x
}

var loopsOf = map[int]int{0: 0}

// loopsFor measures once how many loops take so long. The shortest of many runs is one that nothing has
// interrupted.
func loopsFor(microseconds int) int {
	const loops, tries = 20_000, 500
	if known, ok := loopsOf[microseconds]; ok {
		return known
	}
	shortest := time.Hour
	for i := 0; i < tries; i++ {
		start := time.Now()
		if turn(loops) == 0 {
			panic("the work came to nothing")
		}
		if took := time.Since(start); took < shortest {
			shortest = took
		}
	}
	loopsOf[microseconds] = loops * microseconds * 1000 / int(shortest.Nanoseconds())
	return loopsOf[microseconds]
}

func workers(microseconds, n int) int {
	loops := loopsFor(microseconds)
	values, results := make(chan int, 64), make(chan int, 64)
	var running sync.WaitGroup
	for i := 0; i < threads; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			for v := range values {
				if turn(loops) == 0 {
					v = -1
				}
				results <- v
			}
		}()
	}
	go func() {
		produce(values, 0, 1, n)
		close(values)
		running.Wait()
		close(results)
	}()
	sum := 0
	for v := range results {
		sum += v
	}
	return sum
}
