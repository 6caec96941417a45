/**
 * Operations of every form on two shared channels, at random, with timeouts and aborts that race with success.
 *
 * @module
 */
import { Channel, ChannelClosedError, select } from "../../../mod.ts";
import { selectSync } from "../../../workers/shared/select_sync.ts";
import type { SharedChannel } from "../../../workers/shared/shared_channel.ts";
import { anySize, checkMark, fillMark, type Ledger, REFUSED, SENT } from "./mark.ts";

/** Two, so that a select has a choice. */
export type Pair = readonly [SharedChannel<Uint8Array>, SharedChannel<Uint8Array>];

const LONGEST = 1.5;
const CLOSED = "closed";

type Ended = typeof CLOSED;

function oneOf<X>(list: readonly X[]): X {
  return list[Math.floor(Math.random() * list.length)]!;
}

function limits(): { timeout: number } {
  return { timeout: Math.random() * LONGEST };
}

/** Aborts in this turn, in the next microtask, or a little later. */
function aborting(): { signal: AbortSignal } {
  const abort = new AbortController();
  const when = Math.random();
  if (when < 0.3) void Promise.resolve().then(() => abort.abort());
  else if (when < 0.6) queueMicrotask(() => queueMicrotask(() => abort.abort()));
  else setTimeout(() => abort.abort(), Math.random() * LONGEST);
  return { signal: abort.signal };
}

/** Whether it is one of the ways in which an operation may end without having happened. */
function gaveUp(error: unknown): boolean {
  return error instanceof DOMException && ["TimeoutError", "AbortError"].includes(error.name);
}

type Send = (to: SharedChannel<Uint8Array>, value: Uint8Array, both: Pair) => unknown;

const ASYNC_SENDS: readonly Send[] = [
  (to, value) => to.send(value),
  (to, value) => to.send(value, limits()),
  (to, value) => to.send(value, aborting()),
  (to, value) => to.trySend(value),
  (to, value) => to.sendMany([value]),
  (_, value, [a, b]) => select([a.sendCase(value), b.sendCase(value)]),
  (to, value) => select([to.sendCase(value), new Channel<number>().sendCase(1)], limits()),
  async (to, value) => {
    const loan = to.lend(value.length);
    loan.bytes.set(value);
    try {
      await loan.send(oneOf([undefined, limits(), aborting()]));
    } finally {
      loan.release();
    }
  },
];

const BLOCKING_SENDS: readonly Send[] = [
  (to, value) => to.sendSync(value),
  (to, value) => to.sendSync(value, limits()),
  (_, value, [a, b]) => selectSync([a.sendCase(value), b.sendCase(value)]),
  (_, value, [a, b]) => selectSync([a.sendCase(value), b.sendCase(value)], limits()),
];

/**
 * Sends the values of one sender, several at once now and then, until there are enough or the channels are closed.
 *
 * @param blocking Whether the thread may stand still.
 */
export async function sendAll(
  both: Pair,
  ledger: Ledger,
  from: number,
  blocking: boolean,
): Promise<string | undefined> {
  const { said, each } = ledger;
  const one = async (nth: number, sends: readonly Send[]): Promise<Ended | undefined> => {
    try {
      const done = oneOf(sends)(oneOf(both), fillMark(new Uint8Array(anySize()), from, nth), both);
      // Of what blocks it is to be said before anything else can happen.
      const result = done instanceof Promise ? await done : done;
      said[from * each + nth] = result === false || result === 0 ? REFUSED : SENT;
    } catch (error) {
      said[from * each + nth] = REFUSED;
      if (error instanceof ChannelClosedError) return CLOSED;
      if (!gaveUp(error)) throw error;
    }
    return undefined;
  };
  for (let nth = 0; nth < each;) {
    const started: Promise<Ended | undefined>[] = [];
    for (let beside = Math.floor(Math.random() * 3); beside > 0 && nth < each - 1; beside--) {
      started.push(one(nth++, ASYNC_SENDS));
    }
    started.push(one(nth++, blocking && Math.random() < 0.6 ? BLOCKING_SENDS : ASYNC_SENDS));
    if ((await Promise.all(started)).includes(CLOSED)) return CLOSED;
  }
  return undefined;
}

type Result =
  | { readonly done: boolean; readonly value: unknown }
  | readonly Uint8Array[]
  | undefined;
type Receive = (from: SharedChannel<Uint8Array>, both: Pair) => Result | Promise<Result>;

const ASYNC_RECEIVES: readonly Receive[] = [
  (from) => from.recv(limits()),
  (from) => from.recv(aborting()),
  (from) => from.tryRecv(),
  (from) => from.recvMany(5, limits()),
  (_, [a, b]) => select([a, b], limits()),
  (_, [a, b]) => select([new Channel<Uint8Array>(), b, a], limits()),
  async (from) => {
    const { done, value: loan } = await from.recvLent(oneOf([limits(), aborting()]));
    if (loan === undefined) return { done, value: undefined };
    const value = loan.bytes.slice();
    loan.release();
    return { done, value };
  },
  async (from) => {
    const buffer = new Uint8Array(50_000);
    const { done, value } = await from.recvInto(buffer, oneOf([limits(), aborting()]));
    return { done, value: done ? undefined : buffer.subarray(0, value) };
  },
];

const BLOCKING_RECEIVES: readonly Receive[] = [
  (from) => from.recvSync(limits()),
  (_, [a, b]) => selectSync([a, b], limits()),
  (_, [a, b]) => selectSync([b, a], limits()),
];

/** Receives until both are drained. Answers what was wrong. */
export async function receiveAll(
  both: Pair,
  ledger: Ledger,
  blocking: boolean,
): Promise<string | undefined> {
  let wrong: string | undefined;
  const one = async (receives: readonly Receive[]): Promise<void> => {
    let result: Result;
    try {
      result = await oneOf(receives)(oneOf(both), both);
    } catch (error) {
      if (gaveUp(error)) return;
      throw error;
    }
    if (result === undefined) return;
    const values = "done" in result ? (result.done ? [] : [result.value]) : result;
    for (const value of values) wrong ??= checkMark(value as Uint8Array, ledger);
  };
  while (wrong === undefined && !both.every(isDrained)) {
    const started = Array.from(
      { length: Math.floor(Math.random() * 3) },
      () => one(ASYNC_RECEIVES),
    );
    started.push(one(blocking && Math.random() < 0.6 ? BLOCKING_RECEIVES : ASYNC_RECEIVES));
    await Promise.all(started);
  }
  return wrong;
}

/** Whether nothing will come any more. */
function isDrained(channel: SharedChannel<Uint8Array>): boolean {
  return channel.closed && channel.size === 0;
}
