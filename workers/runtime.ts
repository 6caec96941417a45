/**
 * The seam: the only file that knows Node from Deno. It starts a thread and gives it a port, ends it,
 * tells how it ended, keeps the process alive, counts cores.
 *
 * Both runtimes have `node:worker_threads`. It is fetched at run time, not imported, so that no
 * bundle for a browser ever sees its name. Six facts decide how it is used (measured):
 *
 * - All data go over a port of their own, through `onmessage`. Deno walks every property of a message,
 *   each byte of a buffer included, on its way to `on("message")`: 5 ms for 64 KB.
 * - The thread listens in the first synchronous run of its entry. Deno drops messages that come while
 *   a module still awaits at top level.
 * - The `exit` event may overtake the thread's last messages; the port's `close` does not.
 * - What the `error` event carries is not relied upon: on Deno it is a message without a stack. The
 *   thread reports its own failures over the port, see `onUncaught`.
 * - On Deno a copy of the environment needs `--allow-env` before anything runs; sharing it needs the
 *   permission only where it is read.
 * - Nothing here keeps the process alive except `Hold`: threads and ports are all unref'd.
 *
 * @module
 */

/** One end of the connection between two threads. */
export interface Port {
  /**
   * Sends a structured clone of `message`, and moves the objects in `transfer` instead of copying them.
   *
   * @throws {DOMException} A `DataCloneError`, if something in it cannot be cloned; nothing was sent.
   */
  post(message: unknown, transfer?: object[]): void;
}

/** A thread, as its parent sees it. */
export interface Thread extends Port {
  /** Ends it, unless it spins and `CAN_KILL` is false: it is reported as ended all the same. */
  terminate(): void;
}

/** What a thread tells its parent. */
export interface ThreadEvents {
  /** A message has come. */
  message(message: unknown): void;
  /** Something went wrong that the thread could not tell by a message; `exited` follows. */
  failed(error: unknown): void;
  /** The thread has ended, and all its messages have come. */
  exited(code: number): void;
}

/** Limits of a thread's heap, in MB. Buffers do not count. Deno has none. */
export interface ResourceLimits {
  /** Of the old generation: what stays. */
  readonly maxOldGenerationSizeMb?: number | undefined;
  /** Of the young generation: what was just made. */
  readonly maxYoungGenerationSizeMb?: number | undefined;
  /** Of generated code. */
  readonly codeRangeSizeMb?: number | undefined;
  /** Of the stack. */
  readonly stackSizeMb?: number | undefined;
}

// What is used of the modules of Node, typed here: a user of the library need not have @types/node.
interface MessagePortLike {
  onmessage: ((event: { data: unknown }) => void) | null;
  onmessageerror: ((event: { data: unknown }) => void) | null;
  addEventListener(event: "close", listener: () => void): void;
  postMessage(message: unknown, transfer?: object[]): void;
  unref(): void;
  close(): void;
}
interface WorkerLike {
  on(event: string, listener: (argument: never) => void): void;
  terminate(): Promise<unknown>;
  unref(): void;
}
interface WorkerThreads {
  readonly Worker: new (entry: URL, options: object) => WorkerLike;
  readonly MessageChannel: new () => { port1: MessagePortLike; port2: MessagePortLike };
  readonly SHARE_ENV: symbol;
  readonly isMainThread: boolean;
  readonly workerData: { readonly port: MessagePortLike; readonly millrace?: unknown };
}
interface Timers {
  setInterval(task: () => void, ms: number): { ref(): void; unref(): void };
  clearInterval(timer: unknown): void;
}
interface Modules {
  readonly "node:module": {
    createRequire(from: string): { resolve(specifier: string): string };
  };
  readonly "node:os": { availableParallelism(): number };
  readonly "node:timers": Timers;
  readonly "node:url": { pathToFileURL(path: string): URL };
  readonly "node:worker_threads": WorkerThreads;
}
interface Process {
  getBuiltinModule?<N extends keyof Modules>(name: N): Modules[N];
  on(event: string, listener: (error: unknown) => void): void;
  exit(code: number): never;
}

const { process, navigator } = globalThis as {
  process?: Process;
  navigator?: { readonly hardwareConcurrency?: number };
};

function builtin<N extends keyof Modules>(name: N): Modules[N] {
  const module = process?.getBuiltinModule?.(name);
  if (module === undefined) {
    throw new Error(`Worker stages need Node 20.16 or Deno 2: no ${name} here`);
  }
  return module;
}

/** Whether a thread that spins can be ended. Deno waits until it looks up. */
export const CAN_KILL: boolean = !("Deno" in globalThis);

/**
 * Whether a message that cannot be cloned takes along what was to be moved with it. Deno empties the buffers
 * before it clones.
 */
export const MOVES_FIRST: boolean = "Deno" in globalThis;

/** Starts a thread with the module `entry`, which calls `joinParent`. */
export function startThread(
  entry: URL,
  options: {
    readonly name: string;
    readonly resourceLimits?: ResourceLimits | undefined;
    /** What `inherited` answers there. */
    readonly shared?: unknown;
  },
  events: ThreadEvents,
): Thread {
  const { Worker, MessageChannel, SHARE_ENV } = builtin("node:worker_threads");
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(local(entry), {
    name: options.name,
    resourceLimits: options.resourceLimits,
    ...("Deno" in globalThis ? { env: SHARE_ENV } : {}),
    workerData: { port: port2, millrace: options.shared },
    transferList: [port2],
  });
  const exit = new Exit((code) => {
    port.close();
    events.exited(code);
  });
  port.onmessage = ({ data }) => events.message(data);
  port.onmessageerror = ({ data }) => {
    events.failed(data);
    void worker.terminate();
  };
  port.addEventListener("close", () => exit.drained());
  worker.on("error", (error: unknown) => events.failed(error));
  worker.on("exit", (code: number) => exit.exited(code));
  port.unref();
  worker.unref();
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    terminate: () => {
      // Whoever ends a thread does not want its last messages; Deno might not close its port, either.
      exit.drained();
      void worker.terminate();
    },
  };
}

/** Milliseconds after which the port of a thread that has exited is no longer waited for. */
const DRAINING = 1_000;

/** The end of a thread: it has exited, and its last messages have come. */
class Exit {
  readonly #report: (code: number) => void;
  #code: number | undefined;
  #drained = false;
  #notLate: (() => void) | undefined;

  constructor(report: (code: number) => void) {
    this.#report = report;
  }

  exited(code: number): void {
    this.#code = code;
    if (this.#drained) this.#report(code);
    else this.#notLate = patiently(DRAINING, () => this.drained());
  }

  drained(): void {
    if (this.#drained) return;
    this.#drained = true;
    this.#notLate?.();
    if (this.#code !== undefined) this.#report(this.#code);
  }
}

/** The thread's own file must be local; one of a package that Deno runs from the net is not. */
function local(entry: URL): URL {
  if (entry.protocol === "file:" || entry.protocol === "data:") return entry;
  return new URL(`data:text/javascript,import ${encodeURIComponent(JSON.stringify(entry.href))}`);
}

/**
 * In a thread: listens to its parent. To be called before anything is awaited.
 *
 * @param receive Is given each message.
 * @param failed Is told of one that cannot be read.
 */
export function joinParent(
  receive: (message: unknown) => void,
  failed: (error: unknown) => void,
): Port {
  const { port } = builtin("node:worker_threads").workerData;
  port.onmessage = ({ data }) => receive(data);
  port.onmessageerror = ({ data }) => failed(data);
  return { post: (message, transfer) => port.postMessage(message, transfer) };
}

/** In a thread: what its parent has given it of its shared memory; undefined if there is none, or no parent. */
export function inherited(): unknown {
  // Whoever starts a thread without the library may give it anything.
  const modules = process?.getBuiltinModule?.("node:worker_threads");
  const data = modules?.workerData as { readonly millrace?: unknown } | null | undefined;
  return data?.millrace;
}

/** In a thread: is told what nobody catches, errors and rejections, instead of the runtime. */
export function onUncaught(listener: (error: unknown) => void): void {
  process?.on("uncaughtException", listener);
  process?.on("unhandledRejection", listener);
}

/** In a thread: runs `task` when it exits by itself, `process.exit` included. It can still send messages. */
export function onExit(task: () => void): void {
  process?.on("exit", task);
}

/** In a thread: ends it, whatever timers and handles the user's module has left. */
export function exitThread(code: number): void {
  process?.exit(code);
}

/**
 * In a thread: teaches Node 20 to import TypeScript. Rejects if the user does not have the package `tsx`.
 *
 * @param module The module that could not be imported, from where `tsx` is looked for.
 */
export async function registerTypeScript(module: string): Promise<void> {
  // What the module would import; only its twin for require can be resolved, and lies beside it.
  const path = builtin("node:module").createRequire(module).resolve("tsx/esm/api");
  const { href } = builtin("node:url").pathToFileURL(path.replace(/\.cjs$/, ".mjs"));
  const tsx: { register(): unknown } = await import(href);
  tsx.register();
}

/** Whether this is the thread that the process began with. */
export function isMainThread(): boolean {
  return builtin("node:worker_threads").isMainThread;
}

/** How many threads can run at once. */
export function cores(): number {
  // Node 20 has no navigator; on Deno the other way needs a permission.
  return navigator?.hardwareConcurrency ?? builtin("node:os").availableParallelism();
}

/**
 * Runs `task` again and again, without holding the process, and whatever clock the library has been
 * given for a test: threads go by the real one.
 *
 * @returns Ends it.
 */
export function repeat(ms: number, task: () => void): () => void {
  const timers = builtin("node:timers");
  const timer = timers.setInterval(task, ms);
  timer.unref();
  return () => timers.clearInterval(timer);
}

const LOOK = 50;

/**
 * Runs `task` after `ms` milliseconds in which this thread was awake, and holds the process until then. When
 * the whole machine has been asleep, whoever is waited for has still had no time; so looks are counted, and
 * no clock is read.
 *
 * @returns Withdraws it.
 */
export function patiently(ms: number, task: () => void): () => void {
  let looks = Math.ceil(ms / LOOK);
  const timer = setInterval(() => {
    if (--looks > 0) return;
    clearInterval(timer);
    task();
  }, LOOK);
  return () => clearInterval(timer);
}

const LONG = 2 ** 30;

/** Keeps the process alive while it is on. One timer, since that works alike on every runtime. */
export class Hold {
  readonly #timers: Timers = builtin("node:timers");
  readonly #timer: ReturnType<Timers["setInterval"]>;
  #on = false;

  constructor() {
    this.#timer = this.#timers.setInterval(() => {}, LONG);
    this.#timer.unref();
  }

  /** Holds the process, or lets it go. */
  set on(on: boolean) {
    if (on === this.#on) return;
    this.#on = on;
    if (on) this.#timer.ref();
    else this.#timer.unref();
  }

  /** Lets the process go for good. */
  release(): void {
    this.#timers.clearInterval(this.#timer);
  }
}
