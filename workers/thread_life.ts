/**
 * The life of one thread, as the main thread sees it: how it starts, hears, dies and is ended.
 *
 * @module
 */
import { show } from "../internal/checks.ts";
import { nameThread, ThreadError } from "./errors.ts";
import { startLibraryThread } from "./library_thread.ts";
import { ThreadNotes } from "./notes.ts";
import { needsPacking, pack, type Parcel } from "./parcel.ts";
import { decodeError, uncloneable } from "./remote_error.ts";
import { CAN_KILL, patiently, type Thread } from "./runtime.ts";
import { ThreadRings } from "./thread_rings.ts";
import type { WorkersOptions } from "./types.ts";
import { type Answer, FrameReader, type Order, VERSION } from "./wire.ts";

/**
 * Milliseconds that a thread has to clean up: enough for a thread that hears of it late, on a machine
 * that is busy. Only one that does not answer, such as a long calculation, is waited for so long.
 */
const GRACE = 1_000;
/** Milliseconds after which a thread that does not end is no longer waited for. */
const LOST = 1_000;

/** What a thread runs, and how. */
export interface Job extends WorkersOptions {
  readonly module: string;
  /** How many results of a generator may be on their way without having been taken. */
  readonly results: number;
}

/** What is heard of a thread. */
export interface LifeEvents {
  /** Its module was imported. */
  ready(): void;
  /** Answers have come, for `spent` milliseconds of work. */
  answers(frames: FrameReader, spent: number): void;
  /** It could not start or is dead; nothing else comes. */
  died(error: ThreadError): void;
}

/** A thread from its start to its end. */
export class ThreadLife {
  readonly notes: ThreadNotes = new ThreadNotes();
  readonly rings: ThreadRings = new ThreadRings((order) => this.post(order));
  /** Whether its export is a generator; undefined until it has been imported. */
  generator: boolean | undefined;
  /** Settles when its module was imported; rejects if that fails. */
  readonly started: Promise<void>;
  readonly #job: Job;
  readonly #number: number;
  readonly #events: LifeEvents;
  readonly #thread: Thread | undefined;
  #begun!: { readonly resolve: () => void; readonly reject: (error: ThreadError) => void };
  /** Why it is about to exit, if that is known. */
  #trouble: { readonly why: string; readonly cause: unknown } | undefined;
  #dead = false;
  #forced = false;
  #terminated = false;
  /** Somebody has ended it. */
  #stopping = false;
  #stopped: Promise<void> | undefined;
  #exited!: () => void;
  readonly #exit: Promise<void> = new Promise((resolve) => this.#exited = resolve);

  constructor(job: Job, number: number, events: LifeEvents) {
    this.#job = job;
    this.#number = number;
    this.#events = events;
    this.started = new Promise((resolve, reject) => this.#begun = { resolve, reject });
    this.started.catch(() => {}); // seldom does anybody wait for it
    try {
      this.#thread = this.#start();
      this.#open();
    } catch (error) {
      if (this.#thread === undefined) this.#exited();
      // The owner does not know the thread yet.
      queueMicrotask(() => this.#die(reason(error), error));
    }
  }

  /** Whether it was ended by force, because it had not ended itself in time. */
  get forced(): boolean {
    return this.#forced;
  }

  /** Sends an order; nobody gets it if the thread is dead. */
  post(order: Order, transfer?: object[]): void {
    this.#thread?.post(order, transfer);
  }

  /**
   * Ends it: with time to clean up, if it has started. Settles when it has exited; nothing is heard of it
   * from now on.
   *
   * @param overdue Whether that is because a value has had its time.
   */
  stop(overdue = false): Promise<void> {
    this.#stopping = true; // first: Deno reports the exit from within `terminate`
    return this.#stopped ??= this.#stop(overdue);
  }

  async #stop(overdue: boolean): Promise<void> {
    this.notes.cancel();
    const notLost = patiently(GRACE + LOST, () => this.#exited());
    const notLate = patiently(GRACE, () => {
      this.#forced = true;
      this.#terminate();
    });
    // Whether it has begun, it knows first.
    if (this.#dead || !this.notes.ready) this.#terminate();
    else this.post({ type: "stop", overdue });
    await this.#exit;
    notLost();
    notLate();
  }

  #terminate(): void {
    this.#terminated = true; // first: Deno reports the exit from within
    this.#thread?.terminate();
  }

  #start(): Thread {
    const { resourceLimits, name = "worker" } = this.#job;
    return startLibraryThread({ name: `${name} ${this.#number}`, resourceLimits }, {
      message: (message) => this.#receive(message as Answer),
      // Its last messages may still be on their way.
      failed: (error) => this.#trouble ??= { why: reason(error), cause: error },
      exited: (code) => this.#end(code),
    });
  }

  #open(): void {
    const { module, export: name = "default", data, results } = this.#job;
    const { cells } = this.notes;
    const { value, places } = packData(data);
    const rings = this.rings.offerAtOnce();
    const given = { data: value, places, cells, thread: this.#number, rings };
    const opening = { module, export: name, window: results, ...given };
    try {
      this.post({ type: "open", version: VERSION, ...opening });
    } catch (error) {
      throw uncloneable("Cannot send the data to a thread", "options.data", data, error);
    }
  }

  #receive(answer: Answer): void {
    if (answer.type === "noted") return this.notes.receive(answer.cell, answer.value);
    if (this.#dead || this.#stopping) return;
    if (answer.type === "failed") {
      const error = decodeError(answer.error);
      return this.#die(`${answer.reason}: ${reason(error)}`, error);
    }
    if (answer.type === "rings") return this.rings.accepted();
    if (answer.type === "answers") {
      const { frames, slot, spent } = answer;
      const items = slot === undefined ? undefined : this.rings.read(slot);
      return this.#events.answers(new FrameReader(frames, items), spent);
    }
    this.generator = answer.generator;
    this.#begun.resolve();
    this.#events.ready();
  }

  #end(code: number): void {
    this.rings.end(this.#terminated && !CAN_KILL);
    this.#exited();
    if (this.#trouble === undefined) this.#die(`it exited with code ${code}`, undefined, code);
    else this.#die(this.#trouble.why, this.#trouble.cause);
    this.#begun.resolve(); // somebody has ended it before
  }

  #die(why: string, cause: unknown, exitCode?: number): void {
    if (this.#dead || this.#stopping) return;
    this.#dead = true;
    const options = exitCode === undefined ? { cause } : { exitCode };
    const who = nameThread(this.#number, this.#job.name);
    const error = new ThreadError(`${who} failed: ${why}`, this.#number, options);
    this.#begun.reject(error);
    this.#events.died(error);
  }
}

/** What lives in shared memory travels as its handle. */
function packData(data: unknown): Parcel {
  return needsPacking(data) ? pack(data, "options.data", refuse) : { value: data, places: [] };
}

/** A thread of a stage has no connection but for its values. */
function refuse(): never {
  throw new TypeError("options.data must have SharedChannels in it: a Channel lives in one thread");
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : show(error);
}
