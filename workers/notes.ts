/**
 * What a thread and its parent tell each other beside their messages, in shared memory: it is there even
 * when the thread is dead, or so busy that it sends and reads nothing.
 *
 * Where there is no shared memory the thread sends its notes as messages, before it begins what they are
 * about; and what its parent would note, it learns by a message when it next looks up.
 *
 * @module
 */
import type { Answer, Cells } from "./wire.ts";

// The cells. Each has one writer. Of the thread: how far it is; the value that it works on, or 0; how
// often it went on with one after it had been held up. Of its parent: whether it is to leave.
const STATE = 0;
const RUNNING = 1;
const ROUND = 2;
const CANCELLED = 3;

const READY = 1;
const STOPPING = 2;

/** Sequence numbers have no end, and cells do. No thread ever has two values that are so far apart. */
const NUMBERS = 2 ** 31 - 1;

function mark(sequence: number): number {
  return sequence % NUMBERS + 1;
}

/** The side of the thread. */
export class Notes {
  readonly #cells: Cells | undefined;
  readonly #tell: (answer: Answer) => void;
  #round = 0;

  constructor(cells: Cells | undefined, tell: (answer: Answer) => void) {
    this.#cells = cells;
    this.#tell = tell;
  }

  /** Whether it is to leave what it does and end. */
  get cancelled(): boolean {
    return this.#cells !== undefined && Atomics.load(this.#cells, CANCELLED) !== 0;
  }

  /** The module was imported. */
  ready(): void {
    this.#put(STATE, READY);
  }

  /** It has heard that it is to end. */
  stopping(): void {
    this.#put(STATE, STOPPING);
  }

  /** From now on it works on the value `sequence`. */
  running(sequence: number): void {
    this.#put(RUNNING, mark(sequence));
  }

  /** It goes on with `sequence`: what comes is not to be counted together with what was. */
  resumed(sequence: number): void {
    this.#put(ROUND, ++this.#round);
    this.running(sequence);
  }

  /** It works on nothing. */
  idle(): void {
    this.#put(RUNNING, 0);
  }

  #put(cell: number, value: number): void {
    if (this.#cells === undefined) this.#tell({ type: "noted", cell, value });
    else Atomics.store(this.#cells, cell, value);
  }
}

/** The side of the parent. */
export class ThreadNotes {
  /** To be sent to the thread; undefined where there is no shared memory. */
  readonly cells: Cells | undefined = "SharedArrayBuffer" in globalThis
    ? new Int32Array(new SharedArrayBuffer(4 * 4))
    : undefined;
  /** What came by messages. */
  readonly #told = [0, 0, 0, 0];

  /** Whether the module was imported. */
  get ready(): boolean {
    return this.#get(STATE) >= READY;
  }

  /** Whether it works on a value. */
  get busy(): boolean {
    return this.#get(RUNNING) !== 0;
  }

  /** Whether it goes on for ever: it has not even heard that it is to end. */
  get deaf(): boolean {
    return this.busy && this.#get(STATE) < STOPPING;
  }

  /** Something that changes whenever the thread begins a value, or goes on with one. */
  get stamp(): string {
    return `${this.#get(RUNNING)} ${this.#get(ROUND)}`;
  }

  /** Whether it works on the value `sequence`. */
  runs(sequence: number): boolean {
    return this.#get(RUNNING) === mark(sequence);
  }

  /** Tells the thread to leave what it does. */
  cancel(): void {
    if (this.cells !== undefined) Atomics.store(this.cells, CANCELLED, 1);
  }

  /** Takes a note that came by a message. */
  receive(cell: number, value: number): void {
    this.#told[cell] = value;
  }

  #get(cell: number): number {
    return this.cells === undefined ? this.#told[cell] ?? 0 : Atomics.load(this.cells, cell);
  }
}
