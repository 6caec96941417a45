/** `poolifier`. */
import { fileURLToPath } from "node:url";
import { rival } from "./rival.mjs";
import { poolScenarios, THREADS } from "./tasks.mjs";

const { FixedThreadPool } = await rival("poolifier");
const file = fileURLToPath(new URL("./poolifier_thread.mjs", import.meta.url));

export const leavesOut =
  "calls only: no order, no back-pressure, no retry, here no events; calls of a thread that exits never settle";

/** Without a queue of tasks, as it comes: a thread has all its calls at once, which is the fastest. */
export const scenarios = poolScenarios((name) => {
  const pool = new FixedThreadPool(THREADS, file, { enableEvents: false });
  return (value) => pool.execute(value, name);
});
