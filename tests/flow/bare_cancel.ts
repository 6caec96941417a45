/**
 * A program that ends flows and does not wait, or gives up: run by from.test.ts.
 *
 * @module
 */
import process from "node:process";
import { type Flow, from, pipe, take } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { deferred, Producer } from "./sources.ts";

process.on("unhandledRejection", (reason) => console.log("unhandled:", reason));

const bare = from(new Producer().closingBadly("bare"));
await bare.recv();
bare.cancel();

const disposed = from(new Producer().closingBadly("disposed"));
await disposed.recv();
disposed.cancel();
try {
  await disposed[Symbol.asyncDispose]();
} catch (reason) {
  console.log("disposal:", reason);
}

function* now() {
  try {
    yield 1;
  } finally {
    // deno-lint-ignore no-unsafe-finally
    throw "at once";
  }
}

const sync = from(now());
await sync.recv();
sync.cancel();
console.log("cancelled");

/** A flow whose source owes an answer, and then throws. */
async function* late(error: string, gate: Promise<void>) {
  try {
    yield 1;
    await gate;
    yield 2;
  } finally {
    // deno-lint-ignore no-unsafe-finally
    throw error;
  }
}

/** A stage that throws when its input is over, `gate` after that. */
function failing(error: string, gate?: Promise<void>) {
  return async function* (input: AsyncIterable<number>) {
    yield* input;
    await gate;
    throw error;
  };
}

function leave(flow: Flow<number>): Promise<unknown> {
  return flow[Symbol.asyncIterator]().return();
}

const gate = deferred<void>();

const twice = from(late("left twice", gate.promise), { capacity: 1 });
await twice.recv();
await leave(twice);
await leave(twice);

const later = from(late("left, then disposed", gate.promise), { capacity: 1 });
await later.recv();
await leave(later);
const disposal = later[Symbol.asyncDispose]();

const stage = pipe(new Producer().stuckAfter(1), failing("bare stage"));
await stage.recv();
await idle();
stage.cancel();

const clock = useFakeClock();
const slow = pipe(new Producer().stuckAfter(1), failing("stage that was given up", gate.promise));
await slow.recv();
await idle();
const left = leave(slow);
await clock.advance(1_000);
await left;
clock.restore();

const ended = pipe(
  late("ended, then cancelled", Promise.resolve()),
  take(1),
  async function* (input) {
    yield* input;
  },
);
await ended.recv();
ended.cancel();

gate.resolve();
try {
  await disposal;
} catch (reason) {
  console.log("disposal:", reason);
}
await idle();
