/**
 * The words in which the property tests write programs: steps on channels, signals and loops that have
 * numbers. The model and the real thing both carry them out.
 *
 * @module
 */

/** What an operation that may wait can be ended by. */
export interface Limits {
  readonly signal?: number;
  readonly timeout?: number;
}

/** A send, or a case of a select that sends. */
export interface Send extends Limits {
  readonly op: "send";
  readonly on: number;
  readonly value: number;
}

/** A receive, or a case of a select that receives, or a step of a loop. */
export interface Recv extends Limits {
  readonly op: "recv";
  readonly on: number;
  readonly loop?: number;
}

/** A receive of several values. */
export interface RecvMany extends Limits {
  readonly op: "recvMany";
  readonly on: number;
  readonly max: number;
}

/** What only a select can wait for. */
export type OtherCase =
  | { readonly op: "signal"; readonly signal: number }
  | { readonly op: "after"; readonly ms: number }
  | { readonly op: "off" };

/** What a select can wait for. */
export type Case = Send | Recv | OtherCase;

/** A select. The keys of its outcomes are the indexes. */
export interface Select extends Limits {
  readonly op: "select";
  readonly cases: readonly Case[];
  readonly priority?: boolean;
}

/** An operation that may wait. */
export type Waiting = Send | Recv | RecvMany | Select;

/** The same, tried only. */
export interface Try {
  readonly op: "try";
  readonly of: Send | Recv | Select;
}

/**
 * Something that ends operations: on a channel, by a signal, of a loop, by time. Or nothing: `spin` keeps
 * the thread busy until the guard of the event loop has to act.
 */
export type Event =
  | { readonly op: "close" | "fail" | "cancel"; readonly on: number }
  | { readonly op: "abort"; readonly signal: number }
  | { readonly op: "leave"; readonly on: number; readonly loop: number }
  | { readonly op: "advance"; readonly ms: number }
  | { readonly op: "spin" };

/** What happens in one go. */
export type Step = Waiting | Try | Event;

/** A kind of channel. */
export interface ChannelKind {
  readonly capacity: number;
  readonly overflow?: "wait" | "drop-oldest" | "drop-newest";
}

/** Steps in the order in which they happen. */
export interface Schedule {
  readonly channels: readonly ChannelKind[];
  readonly steps: readonly Step[];
  /** Microtasks run each time after so many steps; `Infinity`: all steps are made in one go. */
  readonly every: number;
  /** How many microtasks run then. Absent: enough for all promises to settle. */
  readonly ticks?: number;
  /** After how many steps the event loop turns, each time. Absent: once, after the last. */
  readonly turn?: number;
  /** For the random choices of select. */
  readonly seed: number;
}

export const send = (on: number, value: number, limits?: Limits): Send => ({
  op: "send",
  on,
  value,
  ...limits,
});
export const recv = (on: number, limits?: Limits): Recv => ({ op: "recv", on, ...limits });
export const next = (on: number, loop: number): Recv => ({ op: "recv", on, loop });
export const recvMany = (on: number, max: number, limits?: Limits): RecvMany => ({
  op: "recvMany",
  on,
  max,
  ...limits,
});
export const select = (
  cases: readonly Case[],
  options?: Limits & { readonly priority?: boolean },
): Select => ({ op: "select", cases, ...options });
export const signal = (signal: number): Case => ({ op: "signal", signal });
export const after = (ms: number): Case => ({ op: "after", ms });
export const off: Case = { op: "off" };
export const attempt = (of: Try["of"]): Try => ({ op: "try", of });
export const close = (on: number): Event => ({ op: "close", on });
export const fail = (on: number): Event => ({ op: "fail", on });
export const cancel = (on: number): Event => ({ op: "cancel", on });
export const abort = (signal: number): Event => ({ op: "abort", signal });
export const leave = (on: number, loop: number): Event => ({ op: "leave", on, loop });
export const advance = (ms: number): Event => ({ op: "advance", ms });
export const spin: Event = { op: "spin" };

/** Whether the step starts an operation that may wait. */
export function isWaiting(step: Step): step is Waiting {
  return "value" in step || "max" in step || "cases" in step || step.op === "recv";
}

/** A step as it is written above, so that it can be pasted into a test. */
export function text(step: Step | Case): string {
  if (step.op === "off" || step.op === "spin") return step.op;
  if (step.op === "try") return `attempt(${text(step.of)})`;
  const { op, ...words } = step as { readonly op: string; readonly [word: string]: unknown };
  const options: string[] = [];
  const list: unknown[] = [];
  for (const [word, value] of Object.entries(words)) {
    if (word === "cases") list.push(`[${(value as Case[]).map(text).join(", ")}]`);
    else if (OPTIONS.includes(word) && !EVENTS.includes(op)) options.push(`${word}: ${value}`);
    else list.push(value);
  }
  if (options.length > 0) list.push(`{ ${options.join(", ")} }`);
  return `${op === "recv" && "loop" in step ? "next" : op}(${list.join(", ")})`;
}

const OPTIONS = ["signal", "timeout", "priority"];
const EVENTS = ["abort", "signal"];
