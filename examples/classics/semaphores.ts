// The bounded buffer as Dijkstra wrote it: three semaphores around a plain array.
//
// Watch for: `empty` is acquired by the one side and released by the other, `full` the other way round;
// only `mutex` is given back by whoever took it. Swap the two `acquire`s of a side and it can deadlock.
import { Semaphore } from "../../mod.ts";

const SIZE = 5;
const buffer: number[] = [];
const empty = new Semaphore(SIZE); // free places
const full = new Semaphore(0, { max: SIZE }); // values: one release too many would be an error
const mutex = new Semaphore(1); // the array
let fullest = 0;

async function produce(from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n++) {
    await empty.acquire();
    {
      using _permit = await mutex.acquire();
      await Promise.resolve(); // whatever is awaited in here, nobody else gets at the array
      buffer.push(n);
      fullest = Math.max(fullest, buffer.length);
    }
    full.release();
  }
}

async function consume(count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    await full.acquire();
    {
      using _permit = await mutex.acquire();
      taken.push(buffer.shift()!);
    }
    empty.release();
  }
  return taken;
}

const producers = Promise.all([produce(1, 10), produce(11, 10)]);
const shares = await Promise.all([consume(8), consume(12)]); // without a close, somebody has to count
await producers;
console.log("in the buffer at most 5:", fullest <= SIZE);
console.log("left:", buffer.length, "free places:", empty.available, "values:", full.available);
console.log(shares.flat().sort((a, b) => a - b).join(" "));

// Output:
// in the buffer at most 5: true
// left: 0 free places: 5 values: 0
// 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
