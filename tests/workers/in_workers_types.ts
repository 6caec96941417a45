/**
 * Types of worker stages, for the compiler alone: what must compile, and what must not.
 *
 * @module
 */
import { type Flow, pipe, type Receiver } from "../../mod.ts";
import {
  inWorkers,
  transfer,
  type WorkerContext,
  type WorkerFailure,
  type WorkersOptions,
  type WorkerStage,
} from "../../workers/mod.ts";

declare const url: URL;
declare function same<A>(): <B>(
  value: B,
) => [A] extends [B] ? ([B] extends [A] ? true : false) : false;

// The kinds of functions a module can export.
declare function plain(value: string): number;
declare function withContext(value: string, context: WorkerContext<{ size: number }>): number;
declare function later(value: string): Promise<number>;
declare function maybeLater(value: string): number | Promise<string>;
declare function never(value: string): never;
declare function nothing(): void;
declare function generator(input: Receiver<string>, context: WorkerContext): AsyncIterable<number>;
declare function anyGenerator(input: AsyncIterable<string>): AsyncGenerator<number, void, unknown>;

export const stages: [
  WorkerStage<string, number>,
  WorkerStage<string, number>,
  WorkerStage<string, number>,
  WorkerStage<string, number | string>,
  WorkerStage<string, never>,
  WorkerStage<unknown, void>,
  WorkerStage<string, number>,
  WorkerStage<string, number>,
  WorkerStage<unknown, unknown>,
] = [
  inWorkers<typeof plain>(url),
  inWorkers<typeof withContext>(url, { data: { size: 1 } }),
  inWorkers<typeof later>(url.href, { threads: 2, ordered: true, window: 8 }),
  inWorkers<typeof maybeLater>(url, { export: "maybeLater", name: "n" }),
  inWorkers<typeof never>(url, { signal: new AbortController().signal }),
  inWorkers<typeof nothing>(url, {
    retries: 1,
    timeout: 1_000,
    onError: "skip",
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  }),
  inWorkers<typeof generator>(url, { onError: ({ value }) => void value.length }),
  inWorkers<typeof anyGenerator>(url),
  inWorkers(url),
];

export const flow: Flow<number> = pipe(["a"], inWorkers<typeof plain>(url));
export const chained: Flow<boolean> = pipe(
  ["a"],
  inWorkers<typeof plain>(url),
  inWorkers<(n: number) => boolean>(url),
);
export const moved: Uint8Array = transfer(new Uint8Array(1), [new ArrayBuffer(1)]);
/** Options for any values, and for some. */
const options: WorkersOptions = { threads: 2 };
export const general: WorkerStage<string, number> = inWorkers<typeof plain>(url, options);
export const warm: Promise<void> = general.prewarm();
export const exact: true = same<WorkerStage<string, number>>()(inWorkers<typeof generator>(url));

// @ts-expect-error -- the stage takes text
pipe([1], inWorkers<typeof plain>(url));
// @ts-expect-error -- the stage gives numbers
export const wrong: Flow<string> = pipe(["a"], inWorkers<typeof plain>(url));
// @ts-expect-error -- a type argument that is no function
inWorkers<number>(url);
// @ts-expect-error -- no address
inWorkers<typeof plain>(5);
// @ts-expect-error -- not a number
inWorkers<typeof plain>(url, { threads: "2" });
// @ts-expect-error -- there is no such option
inWorkers<typeof plain>(url, { workers: 2 });
// @ts-expect-error -- the values are text
inWorkers<typeof plain>(url, { onError: (failure: WorkerFailure<number>) => void failure });
// @ts-expect-error -- no such policy
inWorkers<typeof plain>(url, { onError: "retry" });
// @ts-expect-error -- only objects can be moved
transfer(5, []);
