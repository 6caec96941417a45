/**
 * A program that cancels flows and waits for nothing: run by from.test.ts.
 *
 * @module
 */
import process from "node:process";
import { from } from "../../mod.ts";
import { Producer } from "./sources.ts";

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
