/** `workerpool`. A thread has one call at a time; there is no setting for more. */
import { fileURLToPath } from "node:url";
import { rival } from "./rival.mjs";
import { poolScenarios, THREADS } from "./tasks.mjs";

const { default: workerpool } = await rival("workerpool");
const file = fileURLToPath(new URL("./workerpool_thread.mjs", import.meta.url));

export const leavesOut = "calls only: no order, no back-pressure but an error, no retry";

export const scenarios = poolScenarios((name) => {
  const pool = workerpool.pool(file, {
    minWorkers: THREADS,
    maxWorkers: THREADS,
    workerType: "thread",
  });
  return (value) => pool.exec(name, [value]);
});
