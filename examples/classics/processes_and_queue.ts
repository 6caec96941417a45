// Processes with a queue between them: one producer, three consumers, a thread for each.
//
// Watch for: the channels are arguments like any other. `send` waits in the producer's thread while the queue
// is full, and `close` in this one ends the loops of all consumers. No sentinel, no count of values, no pickling.
import { Channel } from "../../mod.ts";
import { spawn } from "../../workers/mod.ts";
import type { consume, produce } from "./threads/mill.ts";

const threads = new URL("./threads/mill.ts", import.meta.url);
const queue = new Channel<number>(4);
const results = new Channel<string>(4);

const producer = spawn<typeof produce>(threads, { export: "produce", args: [queue, 1001, 1012] });
const consumers = [1, 2, 3].map(() =>
  spawn<typeof consume>(threads, { export: "consume", args: [queue, results] })
);

async function closeWhenDone(): Promise<number[]> {
  await producer;
  queue.close(); // ends the consumers, when the queue is empty
  const taken = await Promise.all(consumers);
  results.close();
  return taken;
}

const shares = closeWhenDone();
const lines: string[] = [];
for await (const line of results) lines.push(line);

for (const line of lines.sort()) console.log(line);
// Who takes how many is open.
console.log("taken:", (await shares).reduce((sum, taken) => sum + taken, 0));

// Output:
// 1001 = 7 * 11 * 13
// 1002 = 2 * 3 * 167
// 1003 = 17 * 59
// 1004 = 2 * 2 * 251
// 1005 = 3 * 5 * 67
// 1006 = 2 * 503
// 1007 = 19 * 53
// 1008 = 2 * 2 * 2 * 2 * 3 * 3 * 7
// 1009 = 1009
// 1010 = 2 * 5 * 101
// 1011 = 3 * 337
// 1012 = 2 * 2 * 11 * 23
// taken: 12
