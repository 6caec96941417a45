// What a user of TypeScript writes: compiled with each kind of module resolution, and run.
import { after, Channel, pipe, type Receiver, select, type Sender } from "millrace";
import { inWorkers } from "millrace/workers";
import { idle, setSeed } from "millrace/testing";

setSeed(1);
const words = new Channel<string>(1);
const sender: Sender<string> = words;
const receiver: Receiver<string> = words;

async function next(out: Sender<number>): Promise<string> {
  const r = await select({
    word: receiver,
    out: out.sendCase(1),
    late: after(1_000),
  });
  switch (r.key) {
    case "word":
      return r.done ? "closed" : r.value.toUpperCase();
    case "out":
      return "sent";
    case "late":
      return "late";
  }
}

void sender.send("race");
await idle();
const first: string = await next(new Channel<number>());
if (first !== "RACE") throw new Error(first);

const double = inWorkers<typeof import("./double.ts").default>(
  // As source, and compiled.
  new URL(import.meta.url.endsWith(".ts") ? "./double.ts" : "./double.js", import.meta.url),
  { threads: 1 },
);
const doubled: number[] = [];
for await (const n of pipe([1, 2], double)) doubled.push(n);
if (doubled.join() !== "2,4") throw new Error(doubled.join());
console.log("done");
