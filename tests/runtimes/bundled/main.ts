// A program with a stage in threads, as a user bundles it for Node.
import { pipe } from "millrace";
import { inWorkers } from "millrace/workers";

const square = inWorkers<typeof import("./stage.ts").default>(
  // As source and as bundle: the stage is an entry point of its own, beside this one.
  new URL(import.meta.url.endsWith(".ts") ? "./stage.ts" : "./stage.js", import.meta.url),
  { threads: 2, ordered: true },
);
const squares: number[] = [];
for await (const n of pipe([1, 2, 3], square)) squares.push(n);
if (squares.join() !== "1,4,9") throw new Error(squares.join());
console.log("done");
