// A queue of tasks, objects read from a file that is appended to while they run.
//
// Watch for: two workers, so two tasks at a time; a task that writes further ones into the file; and the
// file, read again at each tick: late ticks merge, so a reader that waited for room has no backlog.
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Channel, every, scope, WaitGroup } from "../../mod.ts";

type Task = { readonly id: number; readonly grain: string; readonly then?: readonly Task[] };

const folder = await mkdtemp(`${tmpdir()}/millrace-`);
const file = `${folder}/tasks.jsonl`;
const queue = new Channel<Task>(2);
const undone = new WaitGroup();
const ticks = every(5);
const results: string[] = [];
let [running, most, reads] = [0, 0, 0];

async function append(...tasks: readonly Task[]): Promise<void> {
  undone.add(tasks.length);
  await appendFile(file, tasks.map((task) => `${JSON.stringify(task)}\n`).join(""));
}
async function read(): Promise<void> {
  let seen = 0;
  for await (const _tick of ticks) {
    const text = await readFile(file, "utf8");
    const end = text.lastIndexOf("\n") + 1; // half a line is for the next time
    const lines = text.slice(seen, end).split("\n").slice(0, -1);
    if (lines.length > 0) reads++;
    await queue.sendMany(lines.map((line) => JSON.parse(line) as Task));
    seen = end;
  }
  queue.close();
}
async function work(): Promise<void> {
  for await (const { id, grain, then = [] } of queue) {
    most = Math.max(most, ++running);
    await setImmediate(); // grinds
    await append(...then);
    results.push(`${id} ${grain}`);
    running--;
    undone.done();
  }
}

const oats = { id: 3, grain: "oats", then: [{ id: 4, grain: "spelt" }, { id: 5, grain: "emmer" }] };
await append({ id: 1, grain: "rye" }, { id: 2, grain: "wheat", then: [oats] });
await scope(async (s) => {
  for (const task of [read, work, work]) void s.go(task);
  await undone.wait();
  ticks.cancel(); // the reader's loop ends, it closes the queue, and so the workers' loops end
});
await rm(folder, { recursive: true });
console.log(results.sort().join(", "));
console.log("at most two at a time:", most <= 2, "read anew:", reads);

// Output:
// 1 rye, 2 wheat, 3 oats, 4 spelt, 5 emmer
// at most two at a time: true read anew: 3
