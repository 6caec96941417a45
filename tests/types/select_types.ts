/** Compiled, never run: what select infers from its cases, and what it does not take for a case. */
import {
  after,
  type Cases,
  Channel,
  every,
  once,
  type Receiver,
  select,
  selectEach,
  type Selected,
  type Sender,
  type TimerCase,
  trySelect,
} from "../../mod.ts";
import { assertIs, assertType, type Equals } from "./equals.ts";

type Value<K, T> = { readonly key: K; readonly done: false; readonly value: T };
type End<K> = { readonly key: K; readonly done: true; readonly value: undefined };
type Both<K, T> = Value<K, T> | End<K>;

const jobs = new Channel<string>();
const results = new Channel<number>();
const { signal } = new AbortController();

export async function infersARecord(): Promise<void> {
  const r = await select({
    job: jobs,
    out: results.sendCase(1),
    late: after(1_000),
    stop: signal,
    reply: once(Promise.resolve(true)),
    tick: every(10),
  });

  type Expected =
    | Both<"job", string>
    | Value<"out", undefined>
    | Value<"late", undefined>
    | Value<"stop", unknown>
    | Both<"reply", boolean>
    | Both<"tick", number>;
  assertType<Equals<typeof r.key, "job" | "out" | "late" | "stop" | "reply" | "tick">>();
  assertIs<Expected>(r);
  assertIs<typeof r>({} as Expected);
}

/** As a case, `once` must not take its type from what a case may be, `Receiver<unknown>`. */
export async function infersAPromiseChainInACase(page: Promise<Response>): Promise<void> {
  const r = await select({ text: once(page.then((response) => response.text())) });
  assertIs<Both<"text", string>>(r);
}

export async function switchesExhaustively(): Promise<string> {
  const r = await select({ job: jobs, out: results.sendCase(1), late: after(1), stop: signal });
  switch (r.key) {
    case "job":
      if (r.done) return "closed";
      assertType<Equals<typeof r.value, string>>();
      return r.value;
    case "out":
      assertType<Equals<typeof r.value, undefined>>();
      return "sent";
    case "late":
      assertType<Equals<typeof r.done, false>>();
      return "late";
    case "stop":
      assertType<Equals<typeof r.value, unknown>>();
      return String(r.value);
  }
}

export async function noticesAMissingCase(): Promise<string> {
  const r = await select({ job: jobs, late: after(1) });
  switch (r.key) {
    case "job":
      return "job";
    default: {
      // @ts-expect-error: the case "late" is left, so this is not never
      const left: never = r;
      return left;
    }
  }
}

// @ts-expect-error: without the case "late" the function may end without a value
export async function noticesAMissingReturn(): Promise<string> {
  const r = await select({ job: jobs, late: after(1) });
  switch (r.key) {
    case "job":
      return "job";
  }
}

export async function narrowsWhenDestructured(): Promise<string | number> {
  const { key, done, value } = await select({ job: jobs, count: results });
  if (done) return key;
  if (key === "job") {
    assertType<Equals<typeof value, string>>();
    return value;
  }
  assertType<Equals<typeof value, number>>();
  return value;
}

export async function keepsTheCallersControlFlow(): Promise<string> {
  let last: string | undefined;
  while (last === undefined) {
    const r = await select({ job: jobs, late: after(1) });
    if (r.key === "late") continue;
    if (r.done) break;
    last = r.value;
  }
  return last ?? "none";
}

export async function leavesOutWhatIsOff(): Promise<void> {
  const r = await select({ job: jobs, none: null, missing: undefined, never: false });
  assertType<Equals<typeof r.key, "job">>();
  // @ts-expect-error: a case that is off never happens
  if (r.key === "none") return;
}

export async function keepsWhatMayBeOff(open: boolean, maybe?: Channel<number>): Promise<void> {
  const r = await select({
    job: open && jobs,
    count: maybe,
    out: open ? results.sendCase(1) : null,
  });
  assertType<Equals<typeof r.key, "job" | "count" | "out">>();
  if (r.key === "job" && !r.done) assertType<Equals<typeof r.value, string>>();
  if (r.key === "count" && !r.done) assertType<Equals<typeof r.value, number>>();
}

export async function infersATuple(): Promise<void> {
  const r = await select([jobs, results, after(1)]);
  assertType<Equals<typeof r.key, 0 | 1 | 2>>();
  if (r.key === 0 && !r.done) assertType<Equals<typeof r.value, string>>();
  if (r.key === 1 && !r.done) assertType<Equals<typeof r.value, number>>();
  if (r.key === 2) assertType<Equals<typeof r.value, undefined>>();
  // @ts-expect-error: there is no fourth case
  if (r.key === 3) return;
}

export async function infersATupleWithHoles(): Promise<void> {
  const r = await select([null, jobs, false]);
  assertType<Equals<typeof r.key, 1>>();
}

export async function infersAnArray(channels: readonly Channel<number>[]): Promise<void> {
  const r = await select(channels);
  assertType<Equals<typeof r.key, number>>();
  if (!r.done) assertType<Equals<typeof r.value, number>>();
  const mapped = await select(channels.map((channel) => channel.sendCase(1)));
  assertType<Equals<typeof mapped, Value<number, undefined>>>();
}

export async function infersAnOpenRecord(channels: Record<string, Channel<number>>): Promise<void> {
  const r = await select(channels);
  assertType<Equals<typeof r.key, string>>();
  if (!r.done) assertType<Equals<typeof r.value, number>>();
}

export async function infersAUnionOfReceivers(
  either: Receiver<string> | Receiver<number>,
): Promise<void> {
  const r = await select({ either });
  if (!r.done) assertType<Equals<typeof r.value, string | number>>();
}

export async function pump<A>(
  from: Receiver<A>,
  to: Sender<A>,
  limit: TimerCase,
): Promise<A | undefined> {
  const r = await select({ from, limit });
  if (r.key === "limit" || r.done) return undefined;
  const sent = await select({ out: to.sendCase(r.value), limit });
  assertType<Equals<typeof sent.key, "out" | "limit">>();
  return r.value;
}

export async function either<A, B>(a: Receiver<A>, b: Receiver<B>): Promise<A | B | undefined> {
  const r = await select({ a, b });
  if (r.done) return undefined;
  if (r.key === "a") {
    const value: A = r.value;
    return value;
  }
  const value: B = r.value;
  return value;
}

export function forwards<const C extends Cases>(cases: C): Promise<Selected<C>> {
  return select(cases, { priority: true, signal, timeout: 5 });
}

export async function infersThroughAForwarder(): Promise<void> {
  const r = await forwards({ job: jobs, late: after(1) });
  assertType<Equals<typeof r.key, "job" | "late">>();
}

export function triesWithTheSameTypes(): void {
  const r = trySelect({ job: jobs, late: after(1) }, { priority: true });
  assertType<Equals<typeof r, Both<"job", string> | Value<"late", undefined> | undefined>>();
  // @ts-expect-error: nothing may be ready
  r.key;
  // @ts-expect-error: what never waits has no timeout
  trySelect({ job: jobs }, { timeout: 5 });
}

export async function loopsWithTheSameTypes(): Promise<void> {
  for await (const r of selectEach({ job: jobs, count: results })) {
    assertType<Equals<typeof r, Both<"job", string> | Both<"count", number>>>();
  }
  for await (const r of selectEach([jobs, results])) assertType<Equals<typeof r.key, 0 | 1>>();
}

export function refusesWhatIsNoCase(promise: Promise<number>, values: AsyncIterable<number>): void {
  // @ts-expect-error: a bare promise: use once()
  select({ job: jobs, promise });
  // @ts-expect-error: a bare promise in a list: use once()
  select([jobs, promise]);
  // @ts-expect-error: a number is no timer
  select({ late: 1_000 });
  // @ts-expect-error: 0 is not off
  select({ job: 0 });
  // @ts-expect-error: a text is no case
  select({ job: "jobs" });
  // @ts-expect-error: true is no case
  select({ job: true });
  // @ts-expect-error: a function is no case
  select({ job: () => jobs });
  // @ts-expect-error: an empty object is no case
  select({ job: {} });
  // @ts-expect-error: a controller is no signal
  select({ stop: new AbortController() });
  // @ts-expect-error: an iterable is no receiver: use from()
  select({ values });
  // @ts-expect-error: a sender is no case: use sendCase()
  select({ out: results as Sender<number> });
  // @ts-expect-error: cases come in a record or a list
  select(jobs.recv());
  // @ts-expect-error: cases come in a record or a list
  select(5);
  // @ts-expect-error: a text is sent to a channel of numbers
  select({ out: results.sendCase("1") });
  // @ts-expect-error: a bare promise: use once()
  trySelect({ promise });
  // @ts-expect-error: a bare promise: use once()
  selectEach({ promise });
  // @ts-expect-error: a controller is no signal
  select({ job: jobs }, { signal: new AbortController() });
  // @ts-expect-error: an unknown option
  select({ job: jobs }, { default: true });
}

export function makesTimersAndReceivers(
  promise: Promise<string>,
  thenable: PromiseLike<Date>,
): void {
  const timer = after(5);
  assertType<Equals<typeof timer, TimerCase>>();
  const ticks = every(5, { signal });
  assertIs<Receiver<number> & Disposable>(ticks);
  const reply = once(promise);
  assertType<Equals<typeof reply, Receiver<string>>>();
  const date = once(thenable);
  assertType<Equals<typeof date, Receiver<Date>>>();

  // @ts-expect-error: a timer is no receiver
  timer.recv();
  // @ts-expect-error: ticks are received, not sent
  ticks.send(1);
  // @ts-expect-error: a value is no promise
  once(5);
  // @ts-expect-error: milliseconds are a number
  after("5");
}

export async function readsOnly(): Promise<void> {
  const r = await select({ job: jobs });
  // @ts-expect-error: an outcome is not for writing
  r.key = "job";
  if (r.done) return;
  // @ts-expect-error: a value is not there to be compared with another type
  if (r.value === 5) return;
}

export async function doesNotGuessTheValueBeforeTheKey(): Promise<void> {
  const r = await select({ job: jobs, count: results });
  assertType<Equals<typeof r.value, string | number | undefined>>();
  // @ts-expect-error: it may be a number, or the end
  r.value.length;
}
