/**
 * What pushes into flows, for the laws: broadcasts, targets and emitters that count who listens.
 *
 * @module
 */
import { EventEmitter } from "node:events";
import {
  Broadcast,
  type Emitter,
  fromEvent,
  type FromEventOptions,
  type Source,
  type SubscribeOptions,
  type Subscription,
} from "../../mod.ts";

/** Somebody who pushes numbers to those who subscribe. */
export interface Publisher {
  subscribe(signal?: AbortSignal): Subscription<unknown>;
  /** How often somebody was added, less how often somebody was taken away. */
  readonly listeners: number;
  /** Pushes a number. Settles when that need not wait any more. */
  push(n: number): Promise<void>;
  /** Says that no more will come. */
  end(): void;
  fail(error: unknown): void;
  /** The number in what a receive gave. */
  read(received: unknown): number;
  /** Called when the last listener is taken away, if the publisher can learn of that. */
  left?: () => void;
  /** Called with each number before those who subscribed get it, if anybody can be. */
  before?: (n: number) => void;
}

/** What stands for the end where there is none; the laws count from 1. */
export const END = 0;

export class BroadcastPublisher implements Publisher {
  readonly #broadcast = new Broadcast<number>();
  readonly #options: SubscribeOptions;

  constructor(options: SubscribeOptions) {
    this.#options = options;
    // Whoever leaves twice must not take another with him.
    this.#broadcast.subscribe({ overflow: "drop-newest" });
  }

  get listeners(): number {
    return this.#broadcast.closed ? 0 : this.#broadcast.subscribers - 1;
  }

  subscribe(signal?: AbortSignal): Subscription<unknown> {
    return this.#broadcast.subscribe({ ...this.#options, signal });
  }

  push(n: number): Promise<void> {
    return this.#broadcast.send(n);
  }

  end(): void {
    this.#broadcast.close();
  }

  fail(error: unknown): void {
    this.#broadcast.fail(error);
  }

  read(received: unknown): number {
    return received as number;
  }
}

class Pushed extends Event {
  readonly n: number;

  constructor(n: number) {
    super("push");
    this.n = n;
  }
}

export class TargetPublisher extends EventTarget implements Publisher {
  readonly #options: FromEventOptions;
  readonly #broken = new AbortController();
  listeners = 0;
  left?: () => void;
  before?: (n: number) => void;

  constructor(options: FromEventOptions) {
    super();
    this.#options = options;
  }

  /** A target has no error of its own: its failure is that of a signal. */
  subscribe(signal: AbortSignal = this.#broken.signal): Subscription<unknown> {
    return fromEvent(this, "push", { ...this.#options, signal });
  }

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    super.removeEventListener(...args);
    if (--this.listeners === 0) this.left?.();
  }

  push(n: number): Promise<void> {
    this.before?.(n);
    this.dispatchEvent(new Pushed(n));
    return Promise.resolve();
  }

  end(): void {
    this.dispatchEvent(new Pushed(END));
  }

  fail(error: unknown): void {
    this.#broken.abort(error);
  }

  read(received: unknown): number {
    return (received as Pushed).n;
  }
}

type Change = (type: string | symbol, listener: (...args: unknown[]) => void) => void;

/** The methods that emitters are known by. */
export const METHODS: { readonly [kind: string]: (add: Change, remove: Change) => Emitter } = {
  "on() and off()": (on, off) => ({ on, off }),
  "addListener() and removeListener()": (addListener, removeListener) => ({
    addListener,
    removeListener,
  }),
};

export class EmitterPublisher implements Publisher {
  readonly #events = new EventEmitter();
  readonly #emitter: Emitter;
  readonly #options: FromEventOptions;
  listeners = 0;
  left?: () => void;
  before?: (n: number) => void;

  constructor(options: FromEventOptions, methods: (add: Change, remove: Change) => Emitter) {
    this.#options = options;
    this.#events.setMaxListeners(0);
    this.#emitter = methods((type, listener) => {
      this.listeners++;
      this.#events.on(type, listener);
    }, (type, listener) => {
      this.#events.off(type, listener);
      if (--this.listeners === 0) this.left?.();
    });
  }

  subscribe(signal?: AbortSignal): Subscription<unknown> {
    return fromEvent(this.#emitter, "push", { ...this.#options, signal });
  }

  push(n: number): Promise<void> {
    this.before?.(n);
    this.#events.emit("push", n);
    return Promise.resolve();
  }

  end(): void {
    this.#events.emit("push", END);
  }

  fail(error: unknown): void {
    if (this.listeners > 0) this.#events.emit("error", error);
  }

  read(received: unknown): number {
    return (received as [number])[0];
  }
}

/**
 * Pushes what `source` gives, from the next microtask on and for as long as somebody listens. It asks for a
 * value when the one before need not wait any more.
 */
export async function publish(source: Source<number>, publisher: Publisher): Promise<void> {
  await undefined;
  if (publisher.listeners === 0) return;
  try {
    if (Symbol.iterator in source) await pushAll(source, publisher);
    else await pushAllLater(source[Symbol.asyncIterator](), publisher);
    publisher.end();
  } catch (error) {
    publisher.fail(error);
  }
}

async function pushAll(source: Iterable<number>, publisher: Publisher): Promise<void> {
  for (const n of source) {
    await publisher.push(n);
    if (publisher.listeners === 0) return;
  }
}

async function pushAllLater(source: AsyncIterator<number>, publisher: Publisher): Promise<void> {
  let closing: Promise<unknown> | undefined;
  const close = () => closing ??= Promise.resolve(source.return?.());
  publisher.left = () => void close().catch(() => {});
  for (let step = await source.next(); !step.done; step = await source.next()) {
    await publisher.push(step.value);
    if (publisher.listeners === 0) return void await close();
  }
}
