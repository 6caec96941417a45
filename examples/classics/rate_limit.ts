// At most one request every 10 ms, however many workers there are.
//
// Watch for: the ticker is a channel that the workers share: each tick goes to one of them. Nobody counts,
// and ticks that nobody waits for do not pile up into a burst.
import { Channel, every } from "../../mod.ts";

const RATE = 10;
const requests = new Channel<number>(Infinity);
await requests.sendMany([1, 2, 3, 4, 5, 6]);
requests.close();

const start = performance.now();
const served: { request: number; at: number }[] = [];

async function serve(ticks: AsyncIterable<number>): Promise<number> {
  let count = 0;
  for await (const _tick of ticks) {
    const next = requests.tryRecv();
    if (next === undefined || next.done) break;
    served.push({ request: next.value, at: performance.now() });
    count++;
  }
  return count;
}

using ticks = every(RATE);
const counts = await Promise.all([serve(ticks), serve(ticks), serve(ticks)]);

for (const [i, { request, at }] of served.entries()) {
  console.log(`request ${request} not too early:`, at >= start + (i + 1) * RATE);
}
console.log("served:", counts.reduce((a, b) => a + b), "by", counts.length);

// Output:
// request 1 not too early: true
// request 2 not too early: true
// request 3 not too early: true
// request 4 not too early: true
// request 5 not too early: true
// request 6 not too early: true
// served: 6 by 3
