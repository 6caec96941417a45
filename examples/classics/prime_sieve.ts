// The sieve of primes: a chain of tasks that grows by one filter for each prime found.
//
// Watch for: in Go the filters stay behind, waiting for ever. Here the chain has one owner: leaving its
// block takes down every filter, and the source that counts for ever runs its `finally`.
import { type Flow, from, pipe } from "../../mod.ts";

async function* count(): AsyncGenerator<number> {
  try {
    for (let n = 2;; n++) yield n;
  } finally {
    console.log("the source is closed");
  }
}

/** Lets pass what `prime` does not divide. */
const sift = (prime: number) =>
  async function* (numbers: AsyncIterable<number>): AsyncGenerator<number> {
    for await (const n of numbers) {
      if (n % prime !== 0) yield n;
    }
  };

async function primes(howMany: number): Promise<number[]> {
  const found: number[] = [];
  let numbers: Flow<number> = from(count());
  while (found.length < howMany) {
    const { value, done } = await numbers.recv();
    if (done) break;
    found.push(value);
    numbers = pipe(numbers, sift(value));
  }
  await numbers[Symbol.asyncDispose](); // waits for every `finally` in the chain
  return found;
}

console.log((await primes(20)).join(" "));

// Output:
// the source is closed
// 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59 61 67 71
