/**
 * Real threads on one ring, as their parent sees them.
 *
 * @module
 */
import { Hold, startThread, type Thread } from "../../workers/runtime.ts";
import type { CoreKind } from "../../workers/shared/core.ts";
import { createMemory, type Domain } from "../../workers/shared/domain.ts";
import { MOST, type RingWork } from "./ring_work.ts";
import { domainOf, ringIn } from "./rings.ts";

const MEMORY = 2 ** 25;
/** Looks, each at least a millisecond apart, after which a channel is stuck. */
const PATIENCE = 60_000;
const ENTRY = new URL("./modules/ring_thread.ts", import.meta.url);

/** One thread, and how it ended. */
export interface RingThread {
  readonly thread: Thread;
  readonly role: RingWork["role"];
  readonly id: number;
  /** What it said last, once it has ended and was buried; undefined if it was killed. */
  readonly ended: Promise<string | undefined>;
}

/** A ring, the threads at it, and what has come. */
export class RingThreads {
  readonly domain: Domain;
  readonly channel: number;
  readonly running = new Set<RingThread>();
  readonly #senders: number;
  readonly #table: Uint8Array;
  readonly #progress: Int32Array;
  readonly #hold = new Hold();

  /** @param senders How many senders there will be, one after the other, too. */
  constructor(capacity: number, senders: number) {
    this.domain = domainOf("wasm", createMemory(MEMORY));
    this.channel = ringIn(this.domain, capacity, { round: -1 });
    this.#senders = senders;
    this.#table = new Uint8Array(new SharedArrayBuffer(senders * MOST));
    this.#progress = new Int32Array(new SharedArrayBuffer(4 * (senders + 1)));
  }

  /** How many values have come. */
  get received(): number {
    return Atomics.load(this.#progress, this.#senders);
  }

  /** How many values of one sender have come. */
  receivedFrom(sender: number): number {
    return Atomics.load(this.#progress, sender);
  }

  /** Starts a thread. */
  start(role: RingWork["role"], id: number, core: CoreKind, count = MOST): RingThread {
    const { memory, seat } = this.domain.reserve();
    let said: string | undefined;
    let thread: Thread | undefined;
    this.#hold.on = true;
    const ended = new Promise<string | undefined>((resolve) => {
      thread = startThread(ENTRY, { name: `${role} ${id}` }, {
        message: (message) => {
          said = String(message);
          thread?.terminate();
        },
        failed: (error) => said = String(error),
        exited: () => {
          this.domain.bury(seat!);
          this.running.delete(started);
          this.#hold.on = this.running.size > 0;
          resolve(said);
        },
      });
    });
    const started: RingThread = { thread: thread!, role, id, ended };
    this.running.add(started);
    const [table, progress] = [this.#table, this.#progress];
    const { channel } = this;
    started.thread.post({ role, memory, seat: seat!, core, channel, id, count, table, progress });
    return started;
  }

  /**
   * Resolves when so many more values have come, or all threads of one side have ended.
   *
   * @throws {Error} If nothing comes any more. Then all threads are ended.
   */
  async passed(values: number): Promise<void> {
    const goal = this.received + values;
    const has = (role: string) => [...this.running].some((each) => each.role === role);
    let before = this.received;
    for (let looks = 0; this.received < goal && has("send") && has("receive"); looks++) {
      if (this.received !== before) looks = 0;
      before = this.received;
      if (looks > PATIENCE) {
        for (const { thread } of this.running) thread.terminate();
        throw new Error(`nothing has come for ${looks} looks: the channel is stuck`);
      }
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
    }
  }
}
