/** `piscina`. */
import { rival } from "./rival.mjs";
import { poolScenarios, THREADS, workModule } from "./tasks.mjs";

const { Piscina } = await rival("piscina");

/** A thread blocks while it waits, as it comes; with many calls at once it gains by not doing so. */
const BUSY = { concurrentTasksPerWorker: 64, atomics: "async" };

export const leavesOut =
  "calls only: no order, no back-pressure but an error; no retry, one thread's end takes all its calls";

export const scenarios = poolScenarios((name, { lone }) => {
  const pool = new Piscina({
    filename: workModule.href,
    name,
    minThreads: THREADS,
    maxThreads: THREADS,
    ...(lone ? {} : BUSY),
  });
  return (value) => pool.run(value);
});
