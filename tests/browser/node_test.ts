/**
 * Stands in for `node:test` in a browser: what the tests use of it.
 *
 * @module
 */

interface Options {
  readonly skip?: boolean | string | undefined;
  readonly timeout?: number | undefined;
}
type Body = (t: Context) => unknown;

/** What became of a test. */
export interface Outcome {
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  readonly why?: string;
}

/** Long enough for the slowest test on a loaded machine: it only ends those that hang. */
const TIMEOUT = 120_000;

const queue: (() => Promise<Outcome>)[] = [];
let unhandled: unknown[] = [];
addEventListener("unhandledrejection", (event) => void unhandled.push(event.reason));
addEventListener("error", (event) => void unhandled.push(event.error ?? event.message));

class Context {
  readonly name: string;
  readonly #cleanups: (() => unknown)[] = [];
  readonly #outcomes: Outcome[] = [];

  constructor(name: string) {
    this.name = name;
  }

  after(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async test(name: string, ...rest: [Body] | [Options, Body]): Promise<void> {
    this.#outcomes.push(await run(`${this.name} > ${name}`, ...taken(rest)));
  }

  async end(): Promise<void> {
    for (const cleanup of this.#cleanups) await cleanup();
    const failed = this.#outcomes.find(({ verdict }) => verdict === "failed");
    if (failed) throw new Error(`${failed.name}: ${failed.why}`);
  }
}

/** Registers a test. */
export function test(name: string, ...rest: [Body] | [Options, Body]): void {
  queue.push(() => run(name, ...taken(rest)));
}

/** Runs what was registered, one test after the other. */
export async function runTests(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) outcomes.push(await next());
  return outcomes;
}

function taken(rest: [Body] | [Options, Body]): [Options, Body] {
  return rest.length === 1 ? [{}, rest[0]] : rest;
}

async function run(name: string, options: Options, body: Body): Promise<Outcome> {
  if (options.skip) return { name, verdict: "skipped", why: String(options.skip) };
  const context = new Context(name);
  unhandled = [];
  try {
    try {
      await inTime(body, context, options.timeout ?? TIMEOUT);
    } finally {
      await context.end();
    }
    // The browser tells of a rejection that nobody handles when the microtasks have run.
    await new Promise((resolve) => setTimeout(resolve));
    if (unhandled.length > 0) throw unhandled[0];
    return { name, verdict: "passed" };
  } catch (error) {
    return { name, verdict: "failed", why: (error instanceof Error && error.stack) || `${error}` };
  }
}

async function inTime(body: Body, context: Context, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${ms} ms`)), ms);
  });
  await Promise.race([body(context), late]).finally(() => clearTimeout(timer));
}
