// Hand-over with two events: a pool of one.
//
// Watch for: put and took alternate strictly. An event wakes all who wait for it, so this is right for one
// producer and one consumer only; a channel of capacity 1 is right for any number.
import { ResetEvent } from "../../mod.ts";

let place: string | undefined;
const free = new ResetEvent();
const filled = new ResetEvent();

async function produce(values: readonly string[]): Promise<void> {
  for (const value of values) {
    await free.wait();
    free.reset();
    console.log("put ", value);
    place = value;
    filled.set();
  }
}

async function consume(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await filled.wait();
    filled.reset();
    console.log("took", place);
    place = undefined;
    free.set();
  }
}

const grains = ["barley", "rye", "wheat", "oats"];
free.set(); // as it begins: the place is free
await Promise.all([consume(grains.length), produce(grains)]);
console.log("the place is free:", free.isSet && place === undefined);

// Output:
// put  barley
// took barley
// put  rye
// took rye
// put  wheat
// took wheat
// put  oats
// took oats
// the place is free: true
