/**
 * What a step of a folded stage is.
 *
 * @module
 */

/** What a step answers when nothing goes on to the next: the value is dropped, or waits for a promise. */
export const NONE: unique symbol = Symbol("none");

/**
 * Whether `value` is `mark`. A bare comparison of values of several types is a call into the engine, one of
 * symbols is not.
 */
export function is<M extends symbol>(value: unknown, mark: M): value is M {
  return typeof value === "symbol" && value === mark;
}

/** Whether `value` is `NONE`. */
export function isNone(value: unknown): value is typeof NONE {
  return is(value, NONE);
}

/** What becomes of a value. */
export type Step<A, B> = (value: A) => B | typeof NONE;

/** What a step may ask of the flow that it is part of. */
export interface Fold {
  /** Aborted when the flow ends while a value is under way, or a result is not taken. */
  readonly signal: AbortSignal;
  /**
   * Lets the value wait for a promise; the one after it waits, too.
   *
   * @param at The place of the step.
   * @param then What the step answers, now that the promise has. It must not throw.
   * @returns What the step answers until then.
   */
  wait<V>(at: number, promise: PromiseLike<V>, then: (answer: V) => unknown): typeof NONE;
  /**
   * Ends the flow with the value that is under way, and with what the steps behind this one have kept.
   *
   * @param at The place of the step.
   */
  last(at: number): void;
  /**
   * Gives what the step has kept to the next one, when it gets no value any more, also before an error of
   * the input.
   *
   * @param at The place of the step.
   * @param rest Answers what it has kept, or `NONE`. It changes nothing: it may be asked several times.
   */
  keep(at: number, rest: () => unknown): void;
}

/** Makes the step of one flow, with a state of its own. */
export type StepMaker<A, B> = (fold: Fold, at: number) => Step<A, B>;

/** A step that is a function of the user's, without one of ours around it: it may answer later. */
export interface Mapping<A, B> {
  readonly fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>;
}

/** A step of unknown types among others. */
export type AnyStep = Step<never, unknown> | Mapping<never, unknown>["fn"];
/** How to make it. */
export type AnyStepMaker = StepMaker<never, unknown> | Mapping<never, unknown>;

/** Whether to wait for what a function answered. */
export function isPromiseLike<V>(answer: V | PromiseLike<V>): answer is PromiseLike<V> {
  return isObject(answer) && typeof (answer as Partial<PromiseLike<V>>).then === "function";
}

/** Whether `value` has properties of its own. Faster than `Object(value) === value`. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" ? value !== null : typeof value === "function";
}
