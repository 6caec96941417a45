/**
 * What a thread sends back. Answers go together while the thread is busy: a message for each would
 * cost more than most values' work.
 *
 * @module
 */
import { nextTurn } from "../internal/turn.ts";
import { encodeError, uncloneable } from "./remote_error.ts";
import type { BatchWriter } from "./batch_writer.ts";
import { MOVES_FIRST, type Port } from "./runtime.ts";
import {
  type Answer,
  BARE,
  eachFrame,
  ERROR,
  FrameList,
  FrameReader,
  LAST,
  takeItems,
} from "./wire.ts";

/** Milliseconds of work after which an answer does not wait for company. */
const LONGEST = 1;
/** Below so many milliseconds an answer, a look at the clock for each would be a good part of the work. */
const QUICK = 0.002;
/** Quick answers between two looks: so many may be late if the work is suddenly slow. */
const STRIDE = 8;

interface Frame {
  readonly sequence: number;
  readonly flags: number;
  readonly item: unknown;
}

/** The answers of one thread, in order. */
export class Answers {
  readonly #port: Port;
  #list = new FrameList();
  #spent = 0;
  /** Until when the thread's time is accounted for. */
  #mark = 0;
  /** Answers since `#mark`, and how many there may be until the next look at the clock. */
  #unmarked = 0;
  #stride = 1;
  #planned = false;

  /** What need not be cloned goes there, if there is one. */
  ring: BatchWriter | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  /** Work begins now; until now the thread was waiting. */
  begin(): void {
    this.#mark = performance.now();
    this.#unmarked = 0;
  }

  /** The work since `begin` counts; now the thread waits. */
  pause(): void {
    this.#account();
  }

  /** Work has given `item`. */
  put(sequence: number, flags: number, item: unknown): void {
    this.#list.put(sequence, flags, item);
    if (++this.#unmarked < this.#stride) return;
    this.#account();
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
    if (this.#list.size === 0) return;
    if (this.#unmarked > 0) this.#account();
    const list = this.#list, spent = this.#spent;
    this.#list = new FrameList();
    this.#spent = 0;
    if (!this.#write(list, spent)) this.#post(list, spent);
    // To send large results takes time, too, and batches go by it.
    this.#account();
  }

  /** Sends a list by the ring. */
  #write({ frames, transfer }: FrameList, spent: number): boolean {
    if (this.ring === undefined || transfer.length > 0) return false;
    const { heads, items } = takeItems(frames);
    const slot = items.length > 0 ? this.ring.write(items) : -1;
    if (slot < 0) return false;
    this.#port.post({ type: "answers", frames: heads, slot, spent } satisfies Answer);
    return true;
  }

  #post(list: FrameList, spent: number): void {
    // One that is refused must not empty the buffers of the others.
    if (MOVES_FIRST && list.transfer.length > 0) return this.#sendEach(list, spent);
    try {
      this.#send(list, spent);
    } catch {
      this.#sendEach(list, spent);
    }
  }

  #sendEach({ frames, size }: FrameList, spent: number): void {
    const reader = new FrameReader(frames), each = spent / size;
    eachFrame(reader, (sequence, flags, item) => this.#sendAlone({ sequence, flags, item }, each));
  }

  #account(): void {
    const now = performance.now(), spent = now - this.#mark;
    this.#spent += spent;
    this.#mark = now;
    if (this.#unmarked > 0) this.#stride = spent < QUICK * this.#unmarked ? STRIDE : 1;
    this.#unmarked = 0;
  }

  /** One of several cannot be sent: the others are not to suffer. */
  #sendAlone({ sequence, flags, item }: Frame, spent: number): void {
    const list = new FrameList();
    try {
      list.put(sequence, flags, item);
      this.#send(list, spent);
    } catch (error) {
      const why = uncloneable("Cannot send a result to the main thread", "result", item, error);
      const answer = new FrameList();
      answer.put(sequence, LAST | ERROR, encodeError(why));
      this.#send(answer, spent);
    }
  }

  #send({ frames, transfer }: FrameList, spent: number): void {
    this.#port.post({ type: "answers", frames, spent } satisfies Answer, transfer);
  }
}

/** Nothing else comes for this number, and nothing comes with it. */
export const CLOSE: number = LAST | BARE;
