/**
 * The module that each worker thread starts with. Not for importing: it is an entry point of the
 * package only so that the registries compile it too.
 *
 * @module
 */
import { Answers } from "./answers.ts";
import { FunctionRunner, type Runner } from "./function_runner.ts";
import { Notes } from "./notes.ts";
import type { OwnRings } from "./own_rings.ts";
import { encodeError } from "./remote_error.ts";
import {
  exitThread,
  joinParent,
  onExit,
  onUncaught,
  type Port,
  registerTypeScript,
} from "./runtime.ts";
import { show } from "../internal/checks.ts";
import type { TaskRunner } from "./task_runner.ts";
import type { TaskOrder } from "./task_wire.ts";
import type { AnyFunction, WorkerFunction, WorkerGenerator } from "./types.ts";
import {
  type Answer,
  type Batched,
  FrameReader,
  type Opening,
  type Order,
  type RingsOffer,
  VERSION,
} from "./wire.ts";

const abort = new AbortController();
/** Orders that have come while the user's module was being imported. */
const early: Order[] = [];
/** Orders to a task that have come while what tasks need was being imported. */
const waiting: TaskOrder[] = [];
let task: TaskRunner | undefined;
let runner: Runner | undefined;
let notes: Notes | undefined;
let rings: OwnRings | undefined;

const port: Port = joinParent(
  (message) => receive(message as Order | TaskOrder),
  (error) => fail("a value that cannot be read", error),
);
const answers = new Answers(port);
// What is done is not to be done again because of what comes after it.
onExit(() => answers.flush());
onUncaught((error) => fail("an error that nobody caught", error));

function receive(order: Order | TaskOrder): void {
  if (order.type === "task" || order.type === "words" || order.type === "cancel") {
    return receiveForTask(order);
  }
  if (order.type === "open") void open(order);
  else if (runner === undefined) early.push(order);
  else obey(runner, order);
}

// What most threads do not need is imported on demand: it would be half of what a start takes.

function receiveForTask(order: TaskOrder): void {
  if (task !== undefined) return task.receive(order);
  waiting.push(order);
  if (waiting.length > 1) return;
  // Whatever comes to a task may have handles in it, also if its module imports nothing.
  Promise.all([import("./task_runner.ts"), loadClasses()]).then(([{ TaskRunner }]) => {
    task = new TaskRunner({ port, load, fail });
    for (const order of waiting.splice(0)) task.receive(order);
  }).catch((error) => fail("cannot import what tasks need", error));
}

/** Without them no handle can be opened. */
function loadClasses(): Promise<unknown> {
  return import("./shared/classes.ts");
}

function obey(runner: Runner, order: Order): void {
  if (order.type === "values") runner.give(readerOf(order));
  else if (order.type === "rings") void acceptRings(order);
  else if (order.type === "taken") runner.taken(order.count);
  else if (order.type === "stop") void stop(runner, order.overdue);
}

function readerOf({ frames, slot }: Batched<"values">): FrameReader {
  return new FrameReader(frames, slot === undefined ? undefined : rings?.values.read(slot));
}

/** Without them all goes over the port. */
async function acceptRings(offer: RingsOffer): Promise<void> {
  try {
    const { openRings } = await import("./own_rings.ts");
    rings = openRings(offer);
  } catch {
    return;
  }
  answers.ring = rings.answers;
  answer({ type: "rings" });
}

async function open(opening: Opening): Promise<void> {
  if (opening.version !== VERSION) {
    const versions = `version ${opening.version} of millrace and version ${VERSION}`;
    return fail("two copies of the library that differ", new Error(`Cannot connect ${versions}`));
  }
  try {
    runner = await createRunner(opening);
  } catch (error) {
    return fail(`cannot use the module ${show(opening.module)}`, error);
  }
  for (const order of early.splice(0)) obey(runner, order);
}

async function createRunner(opening: Opening): Promise<Runner> {
  const module = await load(opening.module);
  const run = module[opening.export];
  if (typeof run !== "function") {
    throw new TypeError(`The export ${show(opening.export)} must be a function: ${show(run)}`);
  }
  const generator = Object.prototype.toString.call(run) === "[object AsyncGeneratorFunction]";
  const data = await unpackData(opening);
  if (opening.rings !== undefined) await acceptRings(opening.rings);
  const { thread, window, cells } = opening;
  const noted = notes = new Notes(cells, answer);
  notes.ready();
  answer({ type: "ready", generator });
  const { signal } = abort;
  const context = { data, thread, signal, cancelled: () => signal.aborted || noted.cancelled };
  const tools = { context, answers, notes };
  if (!generator) return new FunctionRunner(run as WorkerFunction<unknown, unknown>, tools);
  const { GeneratorRunner } = await import("./generator_runner.ts");
  return new GeneratorRunner(run as WorkerGenerator<unknown, unknown>, { ...tools, window });
}

async function unpackData({ data: value, places }: Opening): Promise<unknown> {
  if (places.length === 0) return value;
  const [{ unpack }] = await Promise.all([import("./parcel.ts"), loadClasses()]);
  return unpack({ value, places }, () => {
    throw new TypeError("Cannot open a channel of another thread in the data of a stage");
  });
}

type Module = Readonly<Record<string, AnyFunction | undefined>>;

async function load(address: string): Promise<Module> {
  try {
    return await import(address);
  } catch (error) {
    if (!isTypeScriptUnknown(error)) throw error;
  }
  // Node 20 by itself knows no TypeScript, and what the main thread has learnt is not passed on.
  try {
    await registerTypeScript(address);
  } catch (cause) {
    const how = "it needs Node 22.18 or newer, or the package tsx";
    throw new TypeError(`Cannot import TypeScript in a thread: ${how}`, { cause });
  }
  // Another address: what has failed is not tried again.
  const again = new URL(address);
  again.searchParams.set("typescript", "");
  return await import(again.href);
}

function isTypeScriptUnknown(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === "ERR_UNKNOWN_FILE_EXTENSION" && /"\.[cm]?tsx?"/.test(String(message));
}

async function stop(runner: Runner, overdue: boolean): Promise<void> {
  notes?.stopping();
  abort.abort(
    overdue
      ? new DOMException("A value took too long", "TimeoutError")
      : new DOMException("The worker stage has ended", "AbortError"),
  );
  await runner.stop();
  exitThread(0);
}

function fail(reason: string, error: unknown): void {
  answers.flush();
  answer({ type: "failed", reason, error: encodeError(error) });
  exitThread(1);
}

function answer(message: Answer): void {
  port.post(message);
}
