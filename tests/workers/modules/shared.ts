/** Functions whose data are in shared memory, for the tests of worker stages. */
import process from "node:process";
import type { WorkerContext } from "./millrace.ts";
import { SharedChannel, type SharedChannelHandle } from "../../../workers/shared/shared_channel.ts";

type Log = SharedChannel<number>;

interface Data {
  readonly name: string;
  readonly channels: readonly Log[];
}

export async function log(n: number, { data }: WorkerContext): Promise<string> {
  const { name, channels } = data as Data;
  await channels[0]!.send(n);
  return `${name} ${n}`;
}

export async function* sum(
  input: AsyncIterable<number>,
  { data }: WorkerContext,
): AsyncIterable<number> {
  let sum = 0;
  for await (const n of input) sum += n;
  await (data as Log).send(sum);
  yield sum;
}

/** The first 1 that comes costs its thread. */
export async function mortal(n: number, { data }: WorkerContext): Promise<number> {
  const log = data as Log;
  await log.send(n);
  if (n === 1 && log.size === 1) process.exit(1);
  return n;
}

export async function open(handle: SharedChannelHandle): Promise<string> {
  await SharedChannel.from<number>(handle).send(7);
  return "sent";
}
