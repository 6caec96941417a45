/**
 * Flows: sources, stages, and what connects them.
 *
 * @module
 */
export { batch } from "./batch.ts";
export type { BatchOptions } from "./batch.ts";
export { Broadcast } from "./broadcast.ts";
export type { BroadcastOptions, SubscribeOptions } from "./broadcast.ts";
export { buffer } from "./buffer.ts";
export { collect } from "./collect.ts";
export { concat } from "./concat.ts";
export { debounce } from "./debounce.ts";
export { drop } from "./drop.ts";
export { filter } from "./filter.ts";
export { flatMap } from "./flat_map.ts";
export type { FlatMapOptions } from "./flat_map.ts";
export type { Branches } from "./fork.ts";
export { from } from "./from.ts";
export { fromEvent } from "./from_event.ts";
export type { Emitter, EventOf, FromEventOptions } from "./from_event.ts";
export { fromReadableStream } from "./from_readable_stream.ts";
export { map } from "./map.ts";
export type { MapOptions } from "./map.ts";
export { merge } from "./merge.ts";
export { partition } from "./partition.ts";
export { pipe } from "./pipe.ts";
export { pipeTo } from "./pipe_to.ts";
export type { PipeToOptions } from "./pipe_to.ts";
export { reduce } from "./reduce.ts";
export { scan } from "./scan.ts";
export type { NodeReadable } from "./stream_reader.ts";
export type { Subscription } from "./subscription.ts";
export { take } from "./take.ts";
export { tap } from "./tap.ts";
export { toReadableStream } from "./to_readable_stream.ts";
export type { ReadableStreamOptions } from "./to_readable_stream.ts";
export { toWritableStream } from "./to_writable_stream.ts";
export type { WritableStreamOptions } from "./to_writable_stream.ts";
export { tee } from "./tee.ts";
export { throttle } from "./throttle.ts";
export type { Flow, FlowOptions, Source, Stage } from "./types.ts";
export { zip } from "./zip.ts";
