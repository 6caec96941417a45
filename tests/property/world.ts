/**
 * The real channels, signals and loops that a program names by number, and the words in which what
 * they answer is compared with the model.
 *
 * @module
 */
import { type Counts, PARTS } from "../../internal/case.ts";
import { after, Channel, ChannelClosedError, select, trySelect } from "../../mod.ts";
import type { ChannelIterator, Selectable } from "../../mod.ts";
import type { Case, ChannelKind, Event, Limits, Try, Waiting } from "./program.ts";

/** What carries out the steps of a program. */
export class World {
  readonly #channels: readonly Channel<number>[];
  readonly #signals = new Map<number, AbortController>();
  readonly #listeners = new Map<number, Set<unknown>>();
  readonly #loops = new Map<number, ChannelIterator<number>>();
  /** What must come back as the same object, by its word. */
  readonly #tokens = new Map<string, { readonly word: string }>();

  constructor(kinds: readonly ChannelKind[], onDrop: (value: number) => void) {
    this.#channels = kinds.map(({ capacity, overflow }) =>
      new Channel<number>(capacity, { overflow, onDrop })
    );
  }

  /** What the counts hook and the getters answer. */
  counts(): Counts[] {
    return this.#channels.map((channel) => {
      const { senders, receivers } = channel[PARTS]();
      const { size, capacity, closed } = channel;
      return { size, capacity, senders: senders.length, receivers: receivers.length, closed };
    });
  }

  /** How many listeners each signal has. */
  listeners(): number[] {
    return [...this.#listeners.values()].map((set) => set.size);
  }

  /** Starts an operation that may wait. */
  start(step: Waiting): Promise<unknown> {
    const options = this.#options(step);
    if (step.op === "select") {
      const cases = step.cases.map((it) => this.#case(it));
      return select(cases, { ...options, priority: step.priority });
    }
    const channel = this.#channels[step.on]!;
    if (step.op === "send") return channel.send(step.value, options);
    if (step.op === "recvMany") return channel.recvMany(step.max, options);
    return step.loop === undefined ? channel.recv(options) : this.#loop(step.on, step.loop).next();
  }

  /** Makes an operation that never waits, and words its answer. */
  attempt({ of }: Try): string {
    const answer = this.#attempt(of);
    if (answer === undefined || answer === false) return "nothing";
    return this.result(of, answer === true ? undefined : answer);
  }

  /** Ends something. */
  happen(event: Event): void {
    if (event.op === "abort") {
      this.#signal(event.signal).abort(this.#token(`signal ${event.signal}`));
    } else if (event.op === "leave") {
      this.#loop(event.on, event.loop).return();
    } else if (event.op === "fail") {
      this.#channels[event.on]!.fail(this.#token(`failed ${event.on}`));
    } else if (event.op === "cancel") {
      this.#channels[event.on]!.cancel(this.#token(`cut off`));
    } else if (event.op === "close") {
      this.#channels[event.on]!.close();
    }
  }

  /** In words, what an operation was answered. */
  result(of: Waiting, result: unknown): string {
    if (of.op === "recvMany" && Array.isArray(result)) {
      return result.length === 0 ? "done" : `got ${result.join()}`;
    }
    if (of.op !== "select") return this.#outcome(of, result);
    const { key, ...rest } = result as { key: number; done: boolean; value: unknown };
    const it = of.cases[key];
    if (typeof key !== "number" || it === undefined) return `odd key ${String(key)}`;
    if (it.op === "recv") return `${key}: ${this.#outcome(it, rest)}`;
    return `${key}: ${rest.done ? "odd done" : this.#outcome(it, rest.value)}`;
  }

  /** In words, why an operation failed. */
  error(error: unknown): string {
    if (this.#isToken(error)) return `rejects: ${error.word}`;
    if (error instanceof DOMException && error.name === "TimeoutError") return "rejects: time";
    if (!(error instanceof ChannelClosedError)) return `rejects: odd ${error}`;
    const why = error.cause === undefined
      ? "closed"
      : this.#isToken(error.cause) && error.cause.word;
    return `rejects: ${why} ${error.value}`;
  }

  #outcome(of: Case | Waiting, result: unknown): string {
    if (of.op === "recv") {
      const { done, value } = result as { done: boolean; value: unknown };
      if (done === false) return `got ${value}`;
      if (done === true && value === undefined) return "done";
    }
    if (of.op === "signal" && this.#isToken(result)) return result.word;
    if (of.op === "send" && result === undefined) return "sent";
    if (of.op === "after" && result === undefined) return "time";
    return `odd ${JSON.stringify(result)}`;
  }

  #attempt(of: Try["of"]): unknown {
    if (of.op === "select") {
      const cases = of.cases.map((it) => this.#case(it));
      return trySelect(cases, { priority: of.priority });
    }
    const channel = this.#channels[of.on]!;
    return of.op === "send" ? channel.trySend(of.value) : channel.tryRecv();
  }

  #case(it: Case): Selectable {
    if (it.op === "off") return null;
    if (it.op === "signal") return this.#signal(it.signal).signal;
    if (it.op === "after") return after(it.ms);
    const channel = this.#channels[it.on]!;
    return it.op === "send" ? channel.sendCase(it.value) : channel;
  }

  #options({ signal, timeout }: Limits): { signal?: AbortSignal; timeout?: number } | undefined {
    if (signal === undefined && timeout === undefined) return undefined;
    return {
      ...(signal !== undefined && { signal: this.#signal(signal).signal }),
      ...(timeout !== undefined && { timeout }),
    };
  }

  #signal(n: number): AbortController {
    return entry(this.#signals, n, () => watched(entry(this.#listeners, n, () => new Set())));
  }

  #loop(on: number, n: number): ChannelIterator<number> {
    return entry(this.#loops, n, () => this.#channels[on]![Symbol.asyncIterator]());
  }

  #token(word: string): object {
    return entry(this.#tokens, word, () => ({ word }));
  }

  #isToken(value: unknown): value is { readonly word: string } {
    return [...this.#tokens.values()].some((token) => token === value);
  }
}

/** Notes who listens. */
function watched(listeners: Set<unknown>): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return controller;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
