/**
 * What a thread sends back. Answers go together while the thread is busy: a message for each would
 * cost more than most values' work.
 *
 * @module
 */
import { nextTurn } from "../internal/turn.ts";
import { encodeError, uncloneable } from "./remote_error.ts";
import type { Port } from "./runtime.ts";
import { transferOf } from "./transfer.ts";
import { type Answer, BARE, eachFrame, ERROR, type Frames, LAST, putFrame } from "./wire.ts";

/** Milliseconds of work after which an answer does not wait for company. */
const LONGEST = 1;

/** The answers of one thread, in order. */
export class Answers {
  readonly #port: Port;
  #frames: Frames = [];
  #transfer: object[] = [];
  #spent = 0;
  /** Until when the thread's time is accounted for. */
  #mark = 0;
  #planned = false;

  constructor(port: Port) {
    this.#port = port;
  }

  /** Work begins now; until now the thread was waiting. */
  begin(): void {
    this.#mark = performance.now();
  }

  /** The work since `begin` counts; now the thread waits. */
  pause(): void {
    this.#spent += performance.now() - this.#mark;
  }

  /** Work has given `item`. */
  put(sequence: number, flags: number, item: unknown): void {
    const now = performance.now();
    this.#spent += now - this.#mark;
    this.#mark = now;
    putFrame(this.#frames, sequence, flags, item);
    const transfer = transferOf(item);
    if (transfer !== undefined) this.#transfer.push(...transfer);
    if (this.#spent >= LONGEST) this.flush();
  }

  /** Work has failed with `error`: nothing else comes for this number. */
  fail(sequence: number, error: unknown): void {
    this.put(sequence, LAST | ERROR, encodeError(error));
    this.flush();
  }

  /** Sends what is there with the next turn of the event loop: the thread goes on, or it may wait. */
  flushSoon(): void {
    if (this.#planned) return;
    this.#planned = true;
    nextTurn(() => {
      this.#planned = false;
      this.flush();
    });
  }

  /** Sends what is there. */
  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    const message: Answer = { type: "answers", frames, spent: this.#spent };
    const transfer = this.#transfer;
    this.#frames = [];
    this.#transfer = [];
    this.#spent = 0;
    try {
      this.#port.post(message, transfer);
    } catch {
      eachFrame(frames, (sequence, flags, item) => this.#sendAlone(sequence, flags, item));
    }
  }

  /** One of several cannot be sent: the others are not to suffer. */
  #sendAlone(sequence: number, flags: number, item: unknown): void {
    try {
      this.#port.post(
        { type: "answers", frames: [sequence, flags, item], spent: 0 },
        transferOf(item),
      );
    } catch (error) {
      const why = uncloneable("Cannot send a result to the main thread", "result", item, error);
      const frames = [sequence, LAST | ERROR, encodeError(why)];
      this.#port.post({ type: "answers", frames, spent: 0 });
    }
  }
}

/** Nothing else comes for this number, and nothing comes with it. */
export const CLOSE: number = LAST | BARE;
