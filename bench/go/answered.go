package main

import "reflect"

// answered waits for each answer with a select over `count` channels, of which one is used. A select over so
// many cases as are known when the program runs is reflect.Select.
func answered(count, n int) int {
	requests, answers, sum := make(chan int, 1024), make(chan int, 1024), 0
	go func() {
		for v := range requests {
			answers <- v
		}
	}()
	cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(answers)}}
	for len(cases) < count {
		idle := reflect.ValueOf(make(chan int, 1))
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: idle})
	}
	for i := 0; i < n; i++ {
		requests <- i
		if count == 1 {
			sum += <-answers
			continue
		}
		_, v, _ := reflect.Select(cases)
		sum += int(v.Int())
	}
	close(requests)
	return sum
}
