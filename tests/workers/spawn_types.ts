/**
 * Types of `spawn`, for the compiler alone: what must compile, and what must not.
 *
 * @module
 */
import { Channel, type Receiver, type Sender } from "../../mod.ts";
import { spawn, type SpawnOptions, type Task } from "../../workers/mod.ts";

declare const url: URL;

declare function consume(jobs: Receiver<string>, out: Sender<number>, id: number): Promise<boolean>;
declare function withDefault(jobs: Channel<string>, size?: number): string;
declare function alone(): void;
declare function optional(size?: number): void;

const jobs = new Channel<string>();
const results = new Channel<number>();

export const tasks: [Task<boolean>, Task<string>, Task<string>, Task<void>, Task<unknown>] = [
  spawn<typeof consume>(url, { export: "consume", args: [jobs, results, 1] }),
  spawn<typeof withDefault>(url, { args: [jobs] }),
  spawn<typeof withDefault>(url, { args: [jobs, 1], daemon: true, name: "mill" }),
  spawn<typeof alone>(url),
  spawn("data:,", { args: [1, "two", jobs] }),
];

export const awaited: Promise<boolean> = Promise.all([tasks[0]]).then(([done]) => done);
export const options: SpawnOptions<typeof optional> = {};

// @ts-expect-error -- the arguments are missing
spawn<typeof consume>(url);
// @ts-expect-error -- the arguments are missing
spawn<typeof consume>(url, { export: "consume" });
// @ts-expect-error -- too few
spawn<typeof consume>(url, { args: [jobs, results] });
// @ts-expect-error -- a channel of other values
spawn<typeof consume>(url, { args: [results, results, 1] });
// @ts-expect-error -- an argument for a function that has none
spawn<typeof alone>(url, { args: [1] });
