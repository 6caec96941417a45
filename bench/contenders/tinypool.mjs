/** `tinypool`, a smaller piscina. */
import { rival } from "./rival.mjs";
import { poolScenarios, THREADS, workModule } from "./tasks.mjs";

const { Tinypool } = await rival("tinypool");

export const leavesOut = "as piscina; calls of a thread that exits never settle";

export const scenarios = poolScenarios((name, { lone }) => {
  const pool = new Tinypool({
    filename: workModule.href,
    name,
    minThreads: THREADS,
    maxThreads: THREADS,
    ...(lone ? {} : { concurrentTasksPerWorker: 64 }),
  });
  return (value) => pool.run(value);
});
