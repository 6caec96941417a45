/**
 * Programs that leave worker stages behind in all manners: run by process_end.test.ts, which waits for
 * the end of their process.
 *
 * @module
 */
import { argv } from "node:process";
import { Channel, pipe } from "../../mod.ts";
import { inWorkers } from "../../workers/mod.ts";
import { createCells, until } from "./cells.ts";
import { createChaos, numbers, release } from "./chaos_data.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";
import type * as numbersModule from "./modules/numbers.ts";

const url = new URL("./modules/numbers.ts", import.meta.url);
const gatesUrl = new URL("./modules/gates.ts", import.meta.url);
const chaosUrl = new URL("./modules/chaos.ts", import.meta.url);
const double = () => inWorkers<typeof numbersModule.default>(url, { threads: 2 });

const programs: Record<string, () => Promise<void>> = {
  /** A flow that was read to its end. */
  async ended() {
    console.log((await gather(pipe([1, 2, 3], double()))).length);
  },
  /** A flow that was left. */
  async broken() {
    for await (const n of pipe([1, 2, 3], double())) {
      console.log(typeof n);
      break;
    }
  },
  /** A stage that keeps its threads, and is not disposed of. */
  async kept() {
    const stage = double();
    await gather(pipe([1, 2, 3], stage));
    await gather(pipe([1, 2, 3], stage));
    console.log("kept");
  },
  /** A stage that was warmed up, and is not disposed of. */
  async prewarmed() {
    await double().prewarm();
    console.log("prewarmed");
  },
  /** Nothing but threads that start: the process must wait for them. */
  async prewarming() {
    const stage = double();
    await stage.prewarm();
    console.log((await gather(pipe([1, 2, 3], stage))).length);
    await stage[Symbol.asyncDispose]();
  },
  /** Threads that have died and hung, and been replaced. */
  async battered() {
    const data = createChaos(12, [[1, "exit"], [3, "uncaught"], [4, "throw"], [9, "hang"]]);
    const options = { threads: 2, timeout: 2_000, onError: "skip", data } as const;
    const stage = inWorkers<(n: number) => number>(chaosUrl, options);
    console.log((await gather(pipe(numbers(12), stage))).length, "of 12");
    release(data);
  },
  /** A flow that nobody reads any more. */
  async forgotten() {
    const flow = pipe([1, 2, 3, 4, 5, 6], double());
    await flow.recv();
    console.log("forgotten");
  },
  /** A generator that cannot hand over what it has. */
  async stalled() {
    const options = { threads: 1, export: "countTo", window: 2 };
    const flow = pipe([1_000], inWorkers<typeof numbersModule.countTo>(url, options));
    await flow.recv();
    console.log("stalled");
  },
  /** The same, when a part of its results was taken, and it has not been told of that. */
  async partial() {
    const options = { threads: 1, export: "countTo" };
    const flow = pipe([1_000], inWorkers<typeof numbersModule.countTo>(url, options));
    for (let i = 0; i < 20; i++) await flow.recv();
    console.log("partial");
  },
  /** A flow whose input never comes. */
  async starving() {
    void pipe(new Channel<number>(), double()).recv();
    console.log("starving");
    await Promise.resolve();
  },
  /** Nothing but a thread at work: the process must wait for it. */
  async working() {
    const cells = createCells();
    const options = { threads: 1, export: "busy", data: cells };
    const flow = pipe([300], inWorkers<typeof gates.busy>(gatesUrl, options));
    console.log((await flow.recv()).value);
  },
  /** Ended while a thread is at work. */
  async abandoned() {
    const cells = createCells();
    const options = { threads: 1, export: "stuck", data: cells };
    const flow = pipe([-1], inWorkers<typeof gates.stuck>(gatesUrl, options));
    void flow.recv();
    await until(cells, "started", 1);
    flow.cancel();
    console.log("abandoned");
  },
  /** A thread that has something to say at its end. */
  async printing() {
    const module = new URL("data:text/javascript,export default (n) => console.log(`thread ${n}`)");
    await gather(pipe([1, 2, 3], inWorkers(module, { threads: 1 })));
  },
};

await programs[argv[2] ?? ""]?.();
