/**
 * Demand channels: a value comes only when it was asked for.
 *
 * @module
 */
import { Channel, select } from "../../../mod.ts";
import { type Go, take } from "../program.ts";

/** A pair of channels: one asks, the other answers. */
export class Demand<T> {
  readonly asks = new Channel<void>();
  readonly answers = new Channel<T>();

  /** Asks for a value, and waits for it. */
  async get(): Promise<T> {
    await this.asks.send();
    return await take(this.answers);
  }

  /** Waits until somebody asks, and answers. */
  async put(value: T): Promise<void> {
    await this.asked();
    await this.answers.send(value);
  }

  /** Waits until somebody asks. */
  async asked(): Promise<void> {
    await take(this.asks);
  }

  /** Passes on what `source` gives, each value when it is asked for. */
  async copy(source: Demand<T>): Promise<never> {
    for (;;) {
      await this.asked();
      await this.answers.send(await source.get());
    }
  }
}

/** Asks both at once, and takes their answers as they come, in any order. */
export async function getBoth<T>(a: Demand<T>, b: Demand<T>): Promise<[T, T]> {
  const [asked, answered] = [[false, false], [false, false]];
  const values: T[] = [];
  for (let events = 0; events < 4; events++) {
    const { key, value } = await select([
      !asked[0] && a.asks.sendCase(),
      !asked[1] && b.asks.sendCase(),
      asked[0]! && !answered[0] && a.answers,
      asked[1]! && !answered[1] && b.answers,
    ]);
    if (key < 2) asked[key] = true;
    else {
      answered[key - 2] = true;
      values[key - 2] = value as T;
    }
  }
  return values as [T, T];
}

/**
 * Gives what `source` gives to two branches that may be read at different speeds.
 *
 * For each value that is asked for there is one task, until both branches have it. The newest task
 * serves the branch that is ahead; the oldest, the one that is behind. When a task has served both, it
 * tells the next one that it is now the oldest. Only then may the branches change places.
 */
export class Split<T> {
  readonly #go: Go;
  readonly #source: Demand<T>;
  #ahead: Demand<T>;
  #behind: Demand<T>;

  constructor(go: Go, source: Demand<T>, branches: readonly [Demand<T>, Demand<T>]) {
    this.#go = go;
    this.#source = source;
    [this.#ahead, this.#behind] = branches;
    const oldest = new Channel<void>();
    go(() => this.#serve(oldest));
    go(() => oldest.send());
  }

  /** @param turn Tells that this task is the oldest. */
  async #serve(turn: Channel<void>): Promise<void> {
    let oldest = false;
    const first = await select({ ask: this.#ahead.asks, turn });
    if (first.key === "turn") {
      oldest = true;
      const { key } = await select({ ahead: this.#ahead.asks, behind: this.#behind.asks });
      if (key === "behind") [this.#ahead, this.#behind] = [this.#behind, this.#ahead];
    }
    await this.#source.asks.send();
    const next = new Channel<void>();
    this.#go(() => this.#serve(next));
    const value = await take(this.#source.answers);
    await this.#ahead.answers.send(value);
    if (!oldest) await take(turn);
    await this.#behind.put(value);
    await next.send();
  }
}
