/**
 * A source that answers when it is told to.
 *
 * @module
 */

/** What a source says: a value, its end, or an error. */
export type Said = number | "end" | "error";

/** An async source of what `say` was called with. Its error is the text "broken". */
export class Spout implements AsyncIterable<number> {
  /** How many values it has given. */
  given = 0;
  /** How often it was closed. */
  closed = 0;
  /** Whether it has come to its end, or failed. */
  ended = false;
  failed = false;
  #answer: ((said: Said) => void) | undefined;
  readonly #ready: Said[] = [];

  /** How much it has to say that nobody has asked for. */
  get left(): number {
    return this.#ready.length;
  }

  /** Answers whoever asks, or who asks next. What comes after its end is not said. */
  say(said: Said): void {
    if (this.#ready.some((said) => typeof said !== "number") || this.ended) return;
    this.#ready.push(said);
    this.#goOn();
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: () =>
        new Promise((resolve, reject) => {
          this.#answer = (said) => {
            if (typeof said === "number") this.given++;
            else this.ended = true;
            this.failed = said === "error";
            if (said === "error") reject("broken");
            else if (said === "end") resolve({ done: true, value: undefined });
            else resolve({ done: false, value: said });
          };
          this.#goOn();
        }),
      return: () => {
        this.closed++;
        this.#answer = undefined;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #goOn(): void {
    if (this.#answer === undefined || this.#ready.length === 0) return;
    const answer = this.#answer;
    this.#answer = undefined;
    answer(this.#ready.shift() as Said);
  }
}
