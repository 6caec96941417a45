/** Functions that tell the main thread what they do, and wait for it, in shared memory. */
import process from "node:process";
import { type Cells, count, signal, until } from "../cells.ts";
import type { WorkerContext } from "./millrace.ts";

type Context = WorkerContext<Cells>;

let beats = false;

/** Counts itself in, and waits until the gate is open. */
export async function gated(n: number, context: Context): Promise<number> {
  const { data: cells } = context;
  signal(cells, "started");
  await until(cells, "open", 1);
  return n;
}

/** Beats as long as its thread lives. */
export function beating(n: number, context: Context): number {
  const { data: cells } = context;
  if (!beats) setInterval(() => signal(cells, "beats"), 1);
  beats = true;
  signal(cells, "started");
  return n;
}

/** Never answers a negative value, unless it is told that nobody wants it. */
export async function stuck(n: number, context: Context): Promise<number> {
  const { data: cells, signal: aborted } = context;
  signal(cells, "started");
  if (n >= 0) return n;
  setInterval(() => signal(cells, "beats"), 1);
  await new Promise((resolve) => aborted.addEventListener("abort", resolve));
  signal(cells, "aborted");
  return n;
}

/** Gives 0 when the gate is open, everything else at once. */
export async function zeroWaits(n: number, context: Context): Promise<number> {
  if (n === 0) await until(context.data, "open", 1);
  return n;
}

/** Works for `n` milliseconds, or until the gate is open, without looking up. */
export function busy(n: number, context: Context): number {
  const { data: cells } = context;
  signal(cells, "started");
  const end = performance.now() + n;
  while (performance.now() < end && count(cells, "open") === 0);
  return n;
}

/** Tells when its `finally` has run. */
export async function* careful(
  input: AsyncIterable<number>,
  context: Context,
): AsyncIterable<number> {
  const { data: cells } = context;
  try {
    for await (const n of input) {
      signal(cells, "started");
      yield n;
    }
  } finally {
    signal(cells, "finally");
  }
}

/** Lets its thread exit when the gate is open, long after it has answered the value 2. */
export function exitsLater(n: number, context: Context): number {
  const { data: cells } = context;
  if (n !== 2) return n;
  process.once("exit", () => signal(cells, "finally"));
  void until(cells, "open", 1).then(() => process.exit(1));
  return n;
}

/** Works for ever on everything but 0, unless it is told to leave. */
export function spins(n: number, context: Context): number {
  const { data: cells } = context;
  signal(cells, "started");
  if (n === 0) return n;
  while (!context.cancelled());
  signal(cells, "aborted");
  return n;
}

/** As `gated`, but a negative value ends its thread. */
export function fragile(n: number, context: Context): number | Promise<number> {
  if (n < 0) process.exit(1);
  return gated(n, context);
}
