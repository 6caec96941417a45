/**
 * Channels, select, scopes and flows: work that moves between tasks, with back-pressure, errors and
 * cancellation carried the whole way.
 *
 * - `Channel`: a bounded queue with two sides that wait for each other; `for await` receives.
 * - `select`: exactly one of several sends, receives, timers and signals. `after`, `every` and `once` make
 *   a moment, a ticker and a promise selectable.
 * - `scope`: tasks that cannot outlive the block that started them. `Mutex`, `Semaphore`, `Condition`,
 *   `ResetEvent`, `WaitGroup` and `Barrier` for what they share.
 * - `from`, `pipe` and stages such as `map`, `filter`, `batch`: generators as producers, on demand. `merge`,
 *   `zip`, `concat` bring flows together; `partition`, `tee` and `Broadcast` part them; `collect`, `reduce`,
 *   `pipeTo` and the web's streams are their ends.
 *
 * Stages that run in worker threads are in `millrace/workers`, helpers for tests in `millrace/testing`.
 *
 * @example A bounded buffer between a producer and two consumers
 * ```ts
 * import { Channel, scope } from "millrace";
 *
 * const jobs = new Channel<number>(5);
 * let sum = 0;
 *
 * await scope((s) => {
 *   for (let consumer = 0; consumer < 2; consumer++) {
 *     s.go(async () => {
 *       for await (const job of jobs) sum += job;
 *     });
 *   }
 *   s.go(async () => {
 *     for (let job = 1; job <= 100; job++) await jobs.send(job); // waits while 5 are in the buffer
 *     jobs.close(); // both loops end when the buffer is drained
 *   });
 * });
 * console.log(sum); // 5050
 * ```
 *
 * @module
 */
export { Channel, ChannelClosedError } from "./channel/mod.ts";
export type {
  ChannelIterator,
  ChannelOptions,
  Received,
  Receiver,
  SendCase,
  Sender,
  WaitOptions,
} from "./channel/mod.ts";
export {
  batch,
  Broadcast,
  buffer,
  collect,
  concat,
  debounce,
  drop,
  filter,
  flatMap,
  from,
  fromEvent,
  fromReadableStream,
  map,
  merge,
  partition,
  pipe,
  pipeTo,
  reduce,
  scan,
  take,
  tap,
  tee,
  throttle,
  toReadableStream,
  toWritableStream,
  zip,
} from "./flow/mod.ts";
export type {
  BatchOptions,
  Branches,
  BroadcastOptions,
  Emitter,
  EventOf,
  FlatMapOptions,
  Flow,
  FlowOptions,
  FromEventOptions,
  MapOptions,
  NodeReadable,
  PipeToOptions,
  ReadableStreamOptions,
  Source,
  Stage,
  SubscribeOptions,
  Subscription,
  WritableStreamOptions,
} from "./flow/mod.ts";
export { scope } from "./scope/mod.ts";
export type { Scope, ScopeOptions } from "./scope/mod.ts";
export { after, every, once, select, selectEach, trySelect } from "./select/mod.ts";
export type {
  Cases,
  EveryOptions,
  Off,
  Outcome,
  Priority,
  Selectable,
  Selected,
  SelectOptions,
  TimerCase,
} from "./select/mod.ts";
export { Barrier, Condition, Mutex, ResetEvent, Semaphore, WaitGroup } from "./sync/mod.ts";
export type { Permit, PrimitiveOptions, SemaphoreOptions } from "./sync/mod.ts";
