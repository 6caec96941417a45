/**
 * Programs that leave tasks behind in all manners: run by spawn_process.test.ts, which waits for the end of
 * their process.
 *
 * @module
 */
import { argv } from "node:process";
import { Channel } from "../../mod.ts";
import { spawn } from "../../workers/mod.ts";
import { createCells, until } from "./cells.ts";
import type * as tasks from "./modules/tasks.ts";

const url = new URL("./modules/tasks.ts", import.meta.url);

const programs: Record<string, () => Promise<void>> = {
  /** Tasks that have ended; their channels are open still. */
  async ended() {
    const [jobs, results] = [new Channel<tasks.Job>(), new Channel<string>(100)];
    const args = [jobs, results, "a"] as const;
    const task = spawn<typeof tasks.consume>(url, { export: "consume", args });
    await jobs.send({ id: 1, text: "x" });
    jobs.close();
    console.log((await task).done);
  },
  /** Nothing but a task at work, which nobody awaits: the process must wait for it. */
  async working() {
    void spawn<typeof tasks.prints>(url, { export: "prints", args: ["printed"] });
    await Promise.resolve();
  },
  /** A daemon that waits for ever. */
  async daemon() {
    const cells = createCells();
    const args = [new Channel<number>(), cells] as const;
    void spawn<typeof tasks.waits>(url, { export: "waits", args, daemon: true });
    await until(cells, "started", 1);
    console.log("daemon");
  },
  /** A task that was cancelled. */
  async cancelled() {
    const cells = createCells();
    const args = [new Channel<number>(), cells] as const;
    const task = spawn<typeof tasks.waits>(url, { export: "waits", args });
    await until(cells, "started", 1);
    task.cancel();
    console.log("cancelled");
  },
  /** A task that waits for a channel that another one closes, which has threads of its own. */
  async nested() {
    const [jobs, results] = [new Channel<tasks.Job>(), new Channel<string>(100)];
    const inner = spawn<typeof tasks.passesOn>(url, { export: "passesOn", args: [jobs, results] });
    await spawn<typeof tasks.produce>(url, { export: "produce", args: [jobs, 1, 20] });
    jobs.close();
    console.log(await inner);
  },
};

await programs[argv[2] ?? ""]?.();
