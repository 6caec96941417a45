/**
 * Events as flows.
 *
 * @module
 */
import { check, checkOptions, show } from "../internal/checks.ts";
import {
  checkSubscription,
  type Overflow,
  type Subscription,
  SubscriptionFlow,
} from "./subscription.ts";

/** How a flow of events is made. */
export interface FromEventOptions {
  /** How many events may wait to be received; `Infinity` by default, so that none is missed. */
  readonly capacity?: number | undefined;
  /**
   * What is missed when that many wait: the oldest of them, which is the default, or the newest, which is the
   * one that happens. Nothing holds a target back, so there is no `"wait"`.
   */
  readonly overflow?: "drop-oldest" | "drop-newest" | undefined;
  /** Ends the flow: it fails with the reason, after the events that wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Something with listeners in the manner of Node's `EventEmitter`: these methods, or `on` and `off`. */
export type Emitter =
  | {
    on(type: string | symbol, listener: (...args: unknown[]) => void): unknown;
    off(type: string | symbol, listener: (...args: unknown[]) => void): unknown;
  }
  | {
    addListener(type: string | symbol, listener: (...args: unknown[]) => void): unknown;
    removeListener(type: string | symbol, listener: (...args: unknown[]) => void): unknown;
  };

/**
 * What a target dispatches: that of its `on…` property, if it has one (`onmessage` of a `WebSocket`), else any
 * event.
 *
 * @typeParam Target The target.
 * @typeParam Type The type of the event.
 */
export type EventOf<Target, Type extends string> = Target extends {
  [Key in `on${Type}`]: infer Handler;
}
  ? NonNullable<Handler> extends (event: infer E, ...rest: never[]) => unknown
    ? [E & Event] extends [never] ? Event : Extract<E, Event>
  : Event
  : Event;

/**
 * Makes a flow of the events of a target or an emitter. It listens from the call on, not from the first
 * receive on, so that nothing is missed in between.
 *
 * An `EventTarget` gives the event objects; an emitter the array of the arguments, as `events.on` of Node
 * does, and its `"error"` event fails the flow. The flow has no end of its own: a `break`, `cancel`,
 * disposal and the signal end it, and take the listeners away in the same call.
 *
 * @param target A DOM target, `AbortSignal`, `WebSocket`, …, or an emitter with `on` and `off`, or with
 * `addListener` and `removeListener`. What has both kinds of methods is a target.
 * @param type The type, or the name, of the event.
 * @param options How many may wait, what is missed then, and a signal.
 * @returns The flow, with a count of what it missed.
 * @throws {TypeError} If `target` has no listeners, or another argument is of the wrong type.
 * @throws {RangeError} If the capacity is less than 1 or no whole number.
 *
 * @example
 * ```ts
 * import { fromEvent } from "millrace";
 *
 * const target = new EventTarget();
 * const clicks = fromEvent(target, "click");
 * target.dispatchEvent(new Event("click"));
 *
 * for await (const event of clicks) {
 *   console.log(event.type); // click
 *   break; // takes the listener away
 * }
 * ```
 */
export function fromEvent<Target extends EventTarget, Type extends string>(
  target: Target,
  type: Type,
  options?: FromEventOptions,
): Subscription<EventOf<Target, Type>>;
/** As above, for events of a class of their own. */
export function fromEvent<E extends Event>(
  target: EventTarget,
  type: string,
  options?: FromEventOptions,
): Subscription<E>;
/** As above, for emitters. */
export function fromEvent<Args extends readonly unknown[] = unknown[]>(
  target: Emitter,
  type: string | symbol,
  options?: FromEventOptions,
): Subscription<Args>;
export function fromEvent(
  target: EventTarget | Emitter,
  type: string | symbol,
  options: FromEventOptions = {},
): Subscription<unknown> {
  const listeners = listenersOf(target);
  const types = listeners.isEmitter ? ["string", "symbol"] : ["string"];
  check(types.includes(typeof type), `type must be a ${types.join(" or a ")}`, type);
  checkOptions(options);
  const { capacity = Infinity, overflow = "drop-oldest", signal } = options;
  checkSubscription({ capacity, signal }, overflow, ["drop-oldest", "drop-newest"]);
  return new EventFlow(listeners, type, capacity, overflow, signal);
}

type Listener = (...args: unknown[]) => void;

/** The two methods of a target or an emitter. */
interface Listeners {
  readonly isEmitter: boolean;
  add(type: string | symbol, listener: Listener): unknown;
  remove(type: string | symbol, listener: Listener): unknown;
}

const METHODS = [
  ["addEventListener", "removeEventListener"],
  ["on", "off"],
  ["addListener", "removeListener"],
] as const;

type Methods = { readonly [name: string]: unknown };

function listenersOf(target: unknown): Listeners {
  const methods = Object(target) as Methods;
  const pair = METHODS.find((pair) => pair.every((name) => typeof methods[name] === "function"));
  if (pair === undefined) {
    throw new TypeError(`target must be an EventTarget or an EventEmitter: ${show(target)}`);
  }
  const call = (name: string) => (type: string | symbol, listener: Listener) =>
    (methods[name] as (type: string | symbol, listener: Listener) => unknown).call(
      target,
      type,
      listener,
    );
  return { isEmitter: pair !== METHODS[0], add: call(pair[0]), remove: call(pair[1]) };
}

class EventFlow extends SubscriptionFlow<unknown> {
  readonly #listeners: Listeners;
  readonly #type: string | symbol;
  /** Those that were added, to be taken away. */
  readonly #added: (readonly [type: string | symbol, listener: Listener])[] = [];

  constructor(
    listeners: Listeners,
    type: string | symbol,
    capacity: number,
    overflow: Overflow,
    signal: AbortSignal | undefined,
  ) {
    super(capacity, overflow);
    this.#listeners = listeners;
    this.#type = type;
    this.endWith(signal);
    try {
      this.#listen();
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  protected override unsubscribe(): void {
    for (const [type, listener] of this.#added) this.#listeners.remove(type, listener);
  }

  #listen(): void {
    const { isEmitter } = this.#listeners;
    this.#add(this.#type, (...args) => this.push(isEmitter ? args : args[0]));
    if (isEmitter && this.#type !== "error") {
      this.#add("error", (error) => this.finish({ error }));
    }
  }

  /** The code of an emitter may end the flow meanwhile. */
  #add(type: string | symbol, listener: Listener): void {
    if (this.over) return;
    this.#listeners.add(type, listener);
    if (this.over) this.#listeners.remove(type, listener);
    else this.#added.push([type, listener]);
  }
}
