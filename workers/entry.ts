/**
 * The module that each worker thread starts with. Not for importing: it is an entry point of the
 * package only so that the registries compile it too.
 *
 * @module
 */
import { Answers } from "./answers.ts";
import { FunctionRunner, type Runner } from "./function_runner.ts";
import { GeneratorRunner } from "./generator_runner.ts";
import { Notes } from "./notes.ts";
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
// So that the handles among arguments can be opened, also of a user's module that imports nothing.
import "./shared/shared_channel.ts";
import { TaskRunner } from "./task_runner.ts";
import type { TaskOrder } from "./task_wire.ts";
import type { AnyFunction, WorkerFunction, WorkerGenerator } from "./types.ts";
import { type Answer, type Opening, type Order, VERSION } from "./wire.ts";

const abort = new AbortController();
/** Orders that have come while the user's module was being imported. */
const early: Order[] = [];
let runner: Runner | undefined;
let notes: Notes | undefined;

const port: Port = joinParent(
  (message) => receive(message as Order | TaskOrder),
  (error) => fail("a value that cannot be read", error),
);
const answers = new Answers(port);
// What is done is not to be done again because of what comes after it.
onExit(() => answers.flush());
onUncaught((error) => fail("an error that nobody caught", error));

const task = new TaskRunner({ port, load, fail });

function receive(order: Order | TaskOrder): void {
  if (order.type === "task" || order.type === "words" || order.type === "cancel") {
    return task.receive(order);
  }
  if (order.type === "open") void open(order);
  else if (runner === undefined) early.push(order);
  else obey(runner, order);
}

function obey(runner: Runner, order: Order): void {
  if (order.type === "values") runner.give(order.frames);
  else if (order.type === "taken") runner.taken(order.count);
  else if (order.type === "stop") void stop(runner, order.overdue);
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
  const { data, thread, window, cells } = opening;
  const noted = notes = new Notes(cells, answer);
  notes.ready();
  answer({ type: "ready", generator });
  const { signal } = abort;
  const context = { data, thread, signal, cancelled: () => signal.aborted || noted.cancelled };
  const tools = { context, answers, notes };
  return generator
    ? new GeneratorRunner(run as WorkerGenerator<unknown, unknown>, { ...tools, window })
    : new FunctionRunner(run as WorkerFunction<unknown, unknown>, tools);
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
