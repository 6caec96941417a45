/**
 * What one end of a bridge has to say, until the end of the job that says it.
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import { BACK, CLAIM, PACKED, SEND, TRY_SEND, VALUES, type Words } from "./bridge_wire.ts";

/** The words whose item is a value of the user's, or a list of them. */
const WITH_VALUES: ReadonlySet<number> = new Set([SEND, TRY_SEND, CLAIM, BACK, VALUES]);

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

/** What an outbox needs. */
export interface OutboxOptions {
  /** Sends; throws if something cannot be cloned, and then has sent nothing. */
  post(words: Words): void;
  /** Called before that: the last chance to add something. */
  sealing(): void;
  /**
   * What is sent in place of a value, or of a list of them, that has a channel or the like in it.
   *
   * @returns Nothing if the value can go as it is.
   * @throws {TypeError} If it can go in no way.
   */
  pack(item: unknown): object | undefined;
}

/** Gathers words and sends them together. */
export class Outbox {
  readonly #options: OutboxOptions;
  #words: Word[] = [];
  #planned = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Adds a word, which leaves with the others of this job. */
  put(
    code: number,
    channel: number,
    id: number,
    item?: unknown,
    failed?: (error: unknown) => void,
  ): Word {
    const word = { code, channel, id, item, failed, sent: false, dropped: false };
    if (WITH_VALUES.has(code)) {
      try {
        const parcel = this.#options.pack(item);
        if (parcel !== undefined) Object.assign(word, { code: code + PACKED, item: parcel });
      } catch (error) {
        failed?.(error);
        return { ...word, dropped: true };
      }
    }
    this.#words.push(word);
    this.plan();
    return word;
  }

  /** Adds a word that must be heard before those of this job. */
  putFirst(code: number, channel: number, id: number): void {
    this.put(code, channel, id);
    this.#words.unshift(this.#words.pop()!);
  }

  /** Why `value` cannot be packed, if so. */
  refusal(value: unknown): Failure | undefined {
    try {
      this.#options.pack(value);
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  /** Sees to it that all is sent at the end of this job. */
  plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => this.flush());
  }

  /** Sends what is there. */
  flush(): void {
    // Also if there is no word yet: there may be something to be added.
    if (this.#planned) this.#options.sealing();
    this.#planned = false;
    const words = this.#words.filter(({ dropped }) => !dropped);
    this.#words = [];
    if (words.length === 0) return;
    for (const word of words) word.sent = true;
    try {
      this.#options.post(words.flatMap(flat));
    } catch {
      // One of several cannot be sent: the others are not to suffer, unless it takes them with it.
      for (const word of words) if (!word.dropped) this.#sendAlone(word);
    }
  }

  #sendAlone(word: Word): void {
    try {
      this.#options.post(flat(word));
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
