/**
 * Runs the user's function in a thread that was started for it.
 *
 * @module
 */
import { show } from "../internal/checks.ts";
import { unpackArguments } from "./arguments.ts";
import { Bridge } from "./bridge.ts";
import { needsPacking, pack, type Parcel } from "./parcel.ts";
import { decodeError, encodeError, uncloneable } from "./remote_error.ts";
import { exitThread, onExit, type Port } from "./runtime.ts";
import { setTaskSignal } from "./task_signal.ts";
import type { TaskAnswer, TaskOpening, TaskOrder } from "./task_wire.ts";
import { transferOf } from "./transfer.ts";
import { VERSION } from "./wire.ts";

/** What a thread can do. */
export interface ThreadTools {
  readonly port: Port;
  /** Imports the user's module. */
  load(address: string): Promise<Readonly<Record<string, unknown>>>;
  /** Tells what went wrong, and exits. */
  fail(reason: string, error: unknown): void;
}

/** A thread that runs one function. */
export class TaskRunner {
  readonly #tools: ThreadTools;
  readonly #bridge: Bridge;
  readonly #abort = new AbortController();
  #running = false;

  constructor(tools: ThreadTools) {
    this.#tools = tools;
    this.#bridge = new Bridge((words) => this.#answer({ type: "words", words }));
  }

  receive(order: TaskOrder): void {
    if (order.type === "task") void this.#start(order);
    else if (order.type === "words") this.#bridge.receive(order.words);
    else this.#cancel(decodeError(order.reason));
  }

  async #start(opening: TaskOpening): Promise<void> {
    const { fail, load } = this.#tools;
    setTaskSignal(this.#abort.signal);
    // What was received is said to be taken, and what was sent is sent, however the thread ends.
    onExit(() => this.#bridge.out.flush());
    const args = unpackArguments(opening, (ref) => this.#bridge.open(ref));
    let run: unknown;
    try {
      if (opening.version !== VERSION) throw new Error("Two versions of millrace cannot connect");
      run = (await load(opening.module))[opening.export];
      if (typeof run !== "function") {
        throw new TypeError(`The export ${show(opening.export)} must be a function: ${show(run)}`);
      }
    } catch (error) {
      return fail(`cannot use the module ${show(opening.module)}`, error);
    }
    await this.#run(run as (...args: unknown[]) => unknown, args);
  }

  async #run(run: (...args: unknown[]) => unknown, args: unknown[]): Promise<void> {
    this.#running = true;
    try {
      this.#end(await run(...args));
    } catch (error) {
      this.#bridge.out.flush();
      this.#answer({ type: "threw", error: encodeError(error) });
    }
    exitThread(0);
  }

  #end(value: unknown): void {
    this.#bridge.out.flush();
    try {
      this.#answer({ type: "result", ...this.#pack(value) }, transferOf(value));
    } catch (error) {
      throw uncloneable("Cannot send the result of a task", "result", value, error);
    }
  }

  /** A channel of the thread ends with it; one that was given to it can be given back. */
  #pack(value: unknown): Parcel {
    if (!needsPacking(value)) return { value, places: [] };
    const parcel = pack(value, "result", (channel) => this.#bridge.refer(channel));
    const gone = parcel.places.find(({ channel }) => channel !== undefined && "own" in channel);
    if (gone === undefined) return parcel;
    const path = gone.path.map((step) => `[${JSON.stringify(step)}]`).join("");
    throw new TypeError(`result${path} is a channel of the thread, which ends`);
  }

  /** A function that waits for a channel is told; one that has not begun is not begun. */
  #cancel(reason: unknown): void {
    if (!this.#running) return exitThread(0);
    this.#abort.abort(reason);
    this.#bridge.stop(reason);
  }

  #answer(answer: TaskAnswer, transfer?: object[]): void {
    this.#tools.port.post(answer, transfer);
  }
}
