// One producer, two consumers, a bounded buffer of 5.
//
// Watch for: the producer is as fast as it can be, but never more than 5 ahead: `send` waits. Nobody counts
// the values and nobody sends a sentinel: both loops end because the producer closes the channel.
import { Channel, ResetEvent } from "../../mod.ts";

const buffer = new Channel<number>(5);
const full = new ResetEvent();
let fullest = 0;

async function produce(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await buffer.send(n);
    fullest = Math.max(fullest, buffer.size);
    if (buffer.size === buffer.capacity) full.set();
  }
  buffer.close();
}

async function consume(): Promise<number[]> {
  const taken: number[] = [];
  await full.wait(); // late on purpose: the buffer fills up
  for await (const n of buffer) taken.push(n);
  return taken;
}

const [first, second] = await Promise.all([consume(), consume(), produce(20)]);

console.log("in the buffer at most:", fullest);
console.log("taken, each once:", [...first, ...second].sort((a, b) => a - b).join(" "));
// Who takes how many is open; that each of them sees his share in order is not.
const inOrder = (values: number[]) => values.every((n, i) => i === 0 || n > values[i - 1]!);
console.log("each in order:", [first, second].map(inOrder).join(", "));

// Output:
// in the buffer at most: 5
// taken, each once: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
// each in order: true, true
