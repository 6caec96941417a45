/**
 * Turns of the event loop where there is no `setImmediate`, as in browsers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { test, type TestContext } from "node:test";

/** A module is read once for each address. */
let imports = 0;

/** `nextTurn` as a runtime without `setImmediate` would have it. */
async function nextTurnOfBrowsers(t: TestContext): Promise<(task: () => void) => void> {
  const { setImmediate, MessageChannel } = globalThis;
  const made: MessageChannel[] = [];
  const replaced = {
    setImmediate: undefined,
    MessageChannel: class extends MessageChannel {
      constructor() {
        super();
        made.push(this);
      }
    },
  };
  Object.assign(globalThis, replaced);
  try {
    const { nextTurn } = await import(`../../internal/turn.ts?browser=${++imports}`);
    return nextTurn;
  } finally {
    Object.assign(globalThis, { setImmediate, MessageChannel });
    // An open port holds the process.
    t.after(() =>
      made.forEach(({ port1, port2 }) => [port1, port2].forEach((port) => port.close()))
    );
  }
}

test("nextTurn() without setImmediate runs each task once, in order, not in this turn", async (t) => {
  const nextTurn = await nextTurnOfBrowsers(t);
  const log: string[] = [];

  for (const task of ["a", "b", "c"]) nextTurn(() => log.push(task));
  for (let i = 0; i < 100; i++) await undefined;
  const before = [...log];
  await new Promise<void>((resolve) => nextTurn(resolve));

  assertEquals([before, log], [[], ["a", "b", "c"]]);
});

test("nextTurn() without setImmediate runs each task in a turn of its own", async (t) => {
  const nextTurn = await nextTurnOfBrowsers(t);
  const log: string[] = [];

  nextTurn(() => {
    log.push("first");
    queueMicrotask(() => log.push("microtask of the first"));
  });
  await new Promise<void>((resolve) =>
    nextTurn(() => {
      log.push("second");
      resolve();
    })
  );

  assertEquals(log, ["first", "microtask of the first", "second"]);
});
