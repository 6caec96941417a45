// A pipe that can be paused and goes on where it stopped.
//
// Watch for: the pause is an ordinary stage. It takes no value while the gate is shut, and the source
// waits with it, because nothing in a pipe runs far ahead of what follows.
import { pipe, ResetEvent, type Stage } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";

function pausable<T>(gate: ResetEvent): Stage<T, T> {
  return async function* (input) {
    for await (const value of input) {
      await gate.wait();
      yield value;
    }
  };
}

let made = 0;
async function* numbers(): AsyncGenerator<number> {
  while (made < 6) yield ++made;
}

const gate = new ResetEvent();
gate.set();
const seen: number[] = [];
async function consume(): Promise<void> {
  for await (const n of pipe(numbers(), pausable(gate))) {
    seen.push(n);
    if (n === 2) gate.reset();
  }
}

const consuming = consume();
await idle(); // until nothing can move: here, because of the pause
console.log("paused after:", seen.join(" "));
console.log("the source ran ahead by at most 3:", made - seen.length <= 3);
gate.set();
await consuming;
console.log("all:", seen.join(" "));

// Output:
// paused after: 1 2
// the source ran ahead by at most 3: true
// all: 1 2 3 4 5 6
