// A daisy chain: each thread takes from its left, adds one and gives to its right.
//
// Watch for: the threads block, as Go's goroutines and Python's processes do, and hand on to each other. Nothing
// goes through this one but the first numbers and the last. `close` runs down the chain.
import { SharedChannel, spawn } from "../../workers/mod.ts";
import type { pass } from "./threads/pass.ts";

const module = new URL("./threads/pass.ts", import.meta.url);
const LINKS = 3;

const first = new SharedChannel<number>(4);
const threads = [];
let last = first;
for (let link = 0; link < LINKS; link++) {
  const next = new SharedChannel<number>(4);
  threads.push(spawn<typeof pass>(module, { export: "pass", args: [last, next] }));
  last = next;
}

void first.sendMany([0, 10, 20, 30, 40, 50]).then(() => first.close());
for await (const n of last) console.log(n);
console.log("passed on:", (await Promise.all(threads)).join(" "));

// Output:
// 3
// 13
// 23
// 33
// 43
// 53
// passed on: 6 6 6
