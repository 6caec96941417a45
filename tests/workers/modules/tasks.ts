/** What the tests of `spawn` run in threads. */
import { exit } from "node:process";
import { Channel, type Receiver, select, type Sender } from "../../../mod.ts";
import { spawn, taskSignal, transfer } from "../../../workers/mod.ts";
import { type Cells, signal } from "../cells.ts";

export interface Job {
  readonly id: number;
  readonly text: string;
}

/** Works on jobs until they are at an end. */
export async function consume(jobs: Receiver<Job>, results: Sender<string>, name: string) {
  let done = 0;
  for await (const { id, text } of jobs) {
    await results.send(`${id} ${text.toUpperCase()}`);
    done++;
  }
  return { name, done };
}

export async function produce(jobs: Sender<Job>, first: number, count: number): Promise<number> {
  const ids = Array.from({ length: count }, (_, i) => first + i);
  return await jobs.sendMany(ids.map((id) => ({ id, text: `job ${id}` })));
}

export function sum(values: readonly number[], scale = 1): number {
  return values.reduce((total, value) => total + value, 0) * scale;
}

export function fails(message: string): never {
  throw Object.assign(new RangeError(message), { code: "ERR_TASK" });
}

export function givesFunction(): unknown {
  return { deep: [() => 1] };
}

/** Fills a buffer, and moves it on. */
export function fill(bytes: Uint8Array): Uint8Array {
  bytes.fill(7);
  return transfer(bytes, [bytes.buffer as ArrayBuffer]);
}

export const notAFunction = 1;

export function exits(code: number): Promise<void> {
  setTimeout(() => exit(code), 1);
  return new Promise(() => {});
}

export function throwsLater(): Promise<void> {
  setTimeout(() => {
    throw new TypeError("nobody catches this");
  }, 1);
  return new Promise(() => {});
}

/** Receives one value and then waits for the next; exits when a cell says so. */
export async function receivesAndExits(values: Receiver<number>, go: Receiver<void>) {
  void values.recv();
  void values.recv();
  await go.recv();
  exit(3);
}

/** Waits for a channel, and tells in its cells how that ends. */
export async function waits(values: Receiver<number>, cells: Cells): Promise<string> {
  try {
    signal(cells, "started");
    await values.recv();
    return "received";
  } finally {
    signal(cells, "finally");
    if (taskSignal().aborted) signal(cells, "aborted");
  }
}

export function spins(cells: Cells): never {
  signal(cells, "started");
  while (true) signal(cells, "beats");
}

/** All that can be done with both directions. */
export async function echo(there: Receiver<number>, back: Sender<string>): Promise<void> {
  const { value: first } = await there.recv();
  await back.send(`recv ${first}`);
  const many = await there.recvMany(2);
  await back.sendMany(many.map((n) => `recvMany ${n}`));
  for await (const n of there) {
    await back.send(`loop ${n}`);
    if (n === 4) break;
  }
  const r = await select({ there, never: null });
  if (!r.done) await select({ out: back.sendCase(`select ${r.value}`) });
  for await (const batch of there.batches(5)) await back.send(`batch ${batch}`);
  back.fail(new RangeError("enough"));
}

export async function same(a: Receiver<number>, nested: { readonly list: Receiver<number>[] }) {
  const [b] = nested.list;
  return a === b && (await a.recv()).value;
}

/** Passes its channels on to a thread of its own. */
export async function passesOn(jobs: Receiver<Job>, results: Sender<string>): Promise<number> {
  const url = new URL("./tasks.ts", import.meta.url);
  const args = [jobs, results, "inner"] as const;
  const { done } = await spawn<typeof consume>(url, { export: "consume", args });
  return done;
}

/** Sends without waiting, and is over. */
export function leaves(out: Sender<number>): void {
  for (let n = 1; n <= 3; n++) void out.send(n);
}

/** Sends, and throws what is no error before anything can have left. */
export function sendsAndFails(out: Sender<number>): never {
  void out.send(1);
  throw undefined;
}

/** Waits for a channel; so do a receive and a send that nobody awaits. */
export async function leavesWaiting(
  values: Receiver<number>,
  out: Sender<number>,
  cells: Cells,
): Promise<void> {
  void values.recv();
  void out.send(1);
  try {
    await values.recv();
  } finally {
    // Time for an unhandled rejection to end the thread.
    await new Promise<void>((resolve) => setTimeout(resolve));
    signal(cells, "finally");
  }
}

export function prints(text: string): void {
  console.log(text);
}

/** Marks what it receives, and exits in the middle of its `last` value. */
export async function marks(
  jobs: Receiver<number>,
  seen: Int32Array<SharedArrayBuffer>,
  last: number,
): Promise<number> {
  let done = 0;
  for await (const n of jobs) {
    Atomics.add(seen, n, 1);
    if (++done === last) exit(9);
  }
  return done;
}

export interface Request {
  readonly n: number;
  readonly reply: Sender<number>;
}

/** Answers each request in the channel that it brings. */
export async function serve(requests: Receiver<Request>): Promise<number> {
  let served = 0;
  for await (const { n, reply } of requests) {
    await reply.send(n * n);
    reply.close();
    served++;
  }
  return served;
}

/** Asks, with reply channels of its own thread. */
export async function ask(requests: Sender<Request>, count: number): Promise<number> {
  let sum = 0;
  for (let n = 1; n <= count; n++) {
    const reply = new Channel<number>();
    await requests.send({ n, reply });
    sum += (await reply.recv()).value ?? 0;
  }
  return sum;
}

/** Gives a channel of its own thread away, and ends when it is told to. */
export async function gives(
  out: Sender<Channel<number>>,
  go: Receiver<void>,
  how: "returns" | "exits",
): Promise<void> {
  await out.send(new Channel<number>());
  await go.recv();
  if (how === "exits") exit(3);
}

export function givesBack(channel: Channel<number>): { channel: Channel<number> } {
  return { channel };
}

export function givesOwn(): { own: Channel<number> } {
  return { own: new Channel<number>() };
}
