// A service that is told to stop: it takes nothing new, and finishes what it has taken.
//
// Watch for: the signal only closes the door. `close` is the last word in the queue, so both workers
// end by themselves when it is empty; nobody counts, nobody is told to stop.
import process from "node:process";
import { Channel, every, scope, select } from "../../mod.ts";

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

const jobs = new Channel<number>(4);
let accepted = 0;
const finished: number[] = [];

async function accept(): Promise<void> {
  using clients = every(1);
  for (;;) {
    const r = await select({ stop: stop.signal, client: clients }, { priority: true });
    if (r.key === "stop") return jobs.close();
    await jobs.send(++accepted);
    if (accepted === 10) process.kill(process.pid, "SIGTERM"); // as `kill` would, in real life
  }
}

async function work(): Promise<void> {
  for await (const job of jobs) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    finished.push(job);
  }
}

await scope((s) => {
  s.go(accept);
  s.go(work);
  s.go(work);
});

console.log("at least 10 accepted:", accepted >= 10);
console.log("not finished:", accepted - finished.length);

// Output:
// at least 10 accepted: true
// not finished: 0
