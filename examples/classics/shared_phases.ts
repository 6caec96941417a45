// Numbers that four threads share: each squares its part of them, and then all add up the whole.
//
// Watch for: the barrier. Without it a thread would add up numbers that others have not squared yet. And for
// what is sent: nothing but handles. The numbers stay where they are, for all threads.
import { SharedArray, SharedBarrier, SharedValue, spawn } from "../../workers/mod.ts";
import type * as phases from "./threads/shared_phases.ts";

const THREADS = 4;
const url = new URL("./threads/shared_phases.ts", import.meta.url);
const numbers = new SharedArray("f64", 1_000);
for (const i of numbers.view.keys()) numbers.view[i] = i + 1;
const barrier = new SharedBarrier(THREADS);
const agreed = new SharedValue("i32");

const sums = await Promise.all(
  Array.from({ length: THREADS }, (_, me) =>
    spawn<typeof phases.work>(url, {
      export: "work",
      args: [me, THREADS, numbers, barrier, agreed],
    })),
);

console.log("threads that have added up:", agreed.get());
console.log("one of them found:", sums[0]);
console.log("first numbers:", numbers.view.slice(0, 5).join(" "));

// Output:
// threads that have added up: 4
// one of them found: 333833500
// first numbers: 41 4 9 16 25
