/**
 * Receives, by number.
 *
 * @module
 */
import type { Flow } from "../../mod.ts";

/** Receives, and what became of them. */
export class Receives {
  readonly outcomes: string[] = [];
  readonly #waiting: { readonly number: number; readonly controller: AbortController }[] = [];

  make(flow: Flow<unknown>): void {
    const controller = new AbortController();
    const number = this.outcomes.push("waiting") - 1;
    this.#waiting.push({ number, controller });
    flow.recv({ signal: controller.signal }).then(
      ({ done, value }) => this.outcomes[number] = done ? "done" : String(value),
      (reason) => this.outcomes[number] = String(reason),
    );
  }

  /** Aborts the one that waits longest. */
  abort(): void {
    const oldest = this.#waiting.find(({ number }) => this.outcomes[number] === "waiting");
    oldest?.controller.abort("aborted");
  }
}
