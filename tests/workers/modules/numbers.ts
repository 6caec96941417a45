/** What runs in threads, for the tests of worker stages. */
import type { Receiver, WorkerContext } from "./millrace.ts";

export default function double(n: number): number {
  return n * 2;
}

export async function doubleLater(n: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, n % 3));
  return n * 2;
}

/** Spends the more time, the earlier the value: results come in another order. */
export function hare(n: number): number {
  const until = performance.now() + (n % 8 === 0 ? 8 : 0);
  while (performance.now() < until);
  return n;
}

export function describe(_: number, context: WorkerContext): unknown {
  const { data, thread, signal, cancelled } = context;
  return { data, thread, aborted: signal.aborted, cancelled: cancelled() };
}

/** Two results a value, and one at the end: how many values there were. */
export async function* twice(input: AsyncIterable<number>): AsyncIterable<string> {
  let count = 0;
  for await (const n of input) {
    count++;
    yield `${n}a`;
    yield `${n}b`;
  }
  yield `end of ${count}`;
}

/** Takes three values, and no more. */
export async function* three(input: Receiver<number>): AsyncIterable<number> {
  for (let i = 0; i < 3; i++) {
    const received = await input.recv();
    if (received.done) return;
    yield received.value;
  }
}

/** One result for several values, as many as there are. */
export async function* batches(input: Receiver<number>): AsyncIterable<number[]> {
  for await (const batch of input.batches(10)) yield batch;
}

/** Many results for each value. */
export async function* countTo(input: AsyncIterable<number>): AsyncIterable<number> {
  for await (const n of input) for (let i = 1; i <= n; i++) yield i;
}
