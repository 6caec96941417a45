/**
 * What one end of a bridge has to say, until the end of the job that says it.
 *
 * @module
 */
import type { Words } from "./bridge_wire.ts";

/** Something that is to be said. */
export interface Word {
  readonly code: number;
  readonly channel: number;
  readonly id: number;
  readonly item: unknown;
  /** Called, instead of being sent, if the item cannot be cloned. */
  readonly failed: ((error: unknown) => void) | undefined;
  /** Whether it has left; until then it can be dropped. */
  sent: boolean;
  dropped: boolean;
}

/** Gathers words and sends them together. */
export class Outbox {
  readonly #post: (words: Words) => void;
  readonly #sealing: () => void;
  #words: Word[] = [];
  #planned = false;

  /**
   * @param post Sends; throws if something cannot be cloned, and then has sent nothing.
   * @param sealing Called before that: the last chance to add something.
   */
  constructor(post: (words: Words) => void, sealing: () => void = () => {}) {
    this.#post = post;
    this.#sealing = sealing;
  }

  /** Adds a word, which leaves with the others of this job. */
  put(
    code: number,
    channel: number,
    id: number,
    item?: unknown,
    failed?: (error: unknown) => void,
  ): Word {
    const word: Word = { code, channel, id, item, failed, sent: false, dropped: false };
    this.#words.push(word);
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => this.flush());
    }
    return word;
  }

  /** Sends what is there. */
  flush(): void {
    if (this.#words.length > 0) this.#sealing();
    this.#planned = false;
    const words = this.#words.filter(({ dropped }) => !dropped);
    this.#words = [];
    if (words.length === 0) return;
    for (const word of words) word.sent = true;
    try {
      this.#post(words.flatMap(flat));
    } catch {
      // One of several cannot be sent: the others are not to suffer.
      for (const word of words) this.#sendAlone(word);
    }
  }

  #sendAlone(word: Word): void {
    try {
      this.#post(flat(word));
    } catch (error) {
      word.failed?.(error);
      // What is said instead leaves in its place, before the others.
      this.flush();
    }
  }
}

/** The item stands in a list of its own, or `flatMap` would take lists apart. */
function flat({ code, channel, id, item }: Word): Words {
  return [code, channel, id, item];
}
