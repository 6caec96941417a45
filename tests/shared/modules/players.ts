/** What threads do with shared channels, for tests. */
import { select } from "../../../mod.ts";
import { selectSync } from "../../../workers/shared/select_sync.ts";
import { SharedChannel, type SharedChannelHandle } from "../../../workers/shared/shared_channel.ts";

/** How a thread waits. */
export type Way = "async" | "sync" | "select" | "selectSync";

/** Sends the numbers from `first` on, so many; the thread's own in the order of their values. */
export async function produce(
  to: SharedChannel<number>,
  first: number,
  count: number,
  way: Way,
): Promise<number> {
  for (let value = first; value < first + count; value++) {
    if (way === "async") await to.send(value);
    else if (way === "sync") to.sendSync(value);
    else if (way === "select") await select({ out: to.sendCase(value) });
    else selectSync({ out: to.sendCase(value) });
  }
  return count;
}

/** Receives until the end. */
export async function consume(from: SharedChannel<number>, way: Way): Promise<number[]> {
  const received: number[] = [];
  if (way === "async") {
    for await (const value of from) received.push(value);
    return received;
  }
  for (;;) {
    const next = way === "sync"
      ? from.recvSync()
      : way === "select"
      ? await select({ in: from })
      : selectSync({ in: from });
    if (next.done) return received;
    received.push(next.value);
  }
}

/** Sends everything back, one more. */
export async function echo(
  from: SharedChannel<number>,
  to: SharedChannel<number>,
  way: Way,
): Promise<void> {
  for (;;) {
    const next = way === "sync" ? from.recvSync() : await from.recv();
    if (next.done) return to.close();
    if (way === "sync") to.sendSync(next.value + 1);
    else await to.send(next.value + 1);
  }
}

/** What a blocking operation ends with: a value, or the name of an error. */
export function outcomes(
  channel: SharedChannel<number>,
  full: SharedChannel<number>,
  failed: SharedChannel<number>,
): unknown[] {
  const attempts: (() => unknown)[] = [
    () => channel.recvSync({ timeout: 5 }),
    () => channel.recvSync({ timeout: 0 }),
    () => full.sendSync(2, { timeout: 5 }),
    () => selectSync({ in: channel, out: full.sendCase(3) }, { timeout: 5 }),
    () => failed.recvSync(),
    () => failed.sendSync(1),
    () => selectSync({ in: failed }),
    () => selectSync({}),
    () => selectSync({ in: new Map() as never }),
    () => channel.recvSync({ timeout: -1 }),
    () => full.recvSync(),
    () => full.sendSync(9),
    () => selectSync({ in: full, never: null }),
    () => selectSync([channel, channel.sendCase(8)], { priority: true }),
    () => channel.recvSync(),
  ];
  return attempts.map((attempt) => {
    try {
      return attempt() ?? "done";
    } catch (error) {
      return (error as Error).name;
    }
  });
}

/** Waits in all the ways that block, until `close` or `fail` ends them. */
export function ended(
  ready: SharedChannel<string>,
  empty: SharedChannel<number>,
  full: SharedChannel<number>,
): string[] {
  const ends: string[] = [];
  ready.sendSync("receives");
  const received = empty.recvSync();
  ends.push(String(received.done));
  ready.sendSync("sends");
  try {
    full.sendSync(5);
  } catch (error) {
    const { name, value } = error as Error & { value: unknown };
    ends.push(`${name} ${value}`);
  }
  return ends;
}

/** Parks a receive, and then blocks on another channel: what comes for the first is not held up. */
export async function blockedBeside(
  first: SharedChannel<number>,
  second: SharedChannel<number>,
): Promise<[number | undefined, number | undefined]> {
  const receiving = first.recv();
  const { value } = second.recvSync();
  return [(await receiving).value, value];
}

/** Receives one by one, and dies at the third. */
export async function mortal(from: SharedChannel<number>): Promise<void> {
  for await (const value of from) if (value === 3) throw new Error("dead");
}

/** Says what receives that block make of bytes which the codec refuses to read, and what comes after them. */
export function garbled(ready: SharedChannel<string>, handle: SharedChannelHandle): unknown[] {
  const codec = {
    encode: (value: number) => Uint8Array.of(value),
    decode([value]: Uint8Array): number {
      if (value === 0) throw new RangeError("garbled");
      return value!;
    },
  };
  const channel = SharedChannel.from<number>(handle, { codec });
  const receive = [() => channel.recvSync(), () => selectSync({ in: channel })];
  return [...receive, ...receive].map((attempt) => {
    ready.sendSync("receives");
    try {
      return attempt().value;
    } catch (error) {
      return (error as Error).message;
    }
  });
}
