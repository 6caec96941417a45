import { assert, AssertionError, assertRejects } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { blocks, gosched, run, take } from "./program.ts";

test("run() ends with its main task, whatever the others wait for", async () => {
  await run(async (go) => {
    go(() => new Channel().recv());
    await gosched();
  });
});

test("run() reports a deadlock when nothing can move", async () => {
  const main = () => run(async () => void await new Channel().recv());

  await assertRejects(main, AssertionError, "asleep");
});

test("run() passes on the panic of a task that nobody waits for", async () => {
  const main = () =>
    run(async (go) => {
      go(() => Promise.reject(new RangeError("panic")));
      await new Channel().recv();
    });

  await assertRejects(main, RangeError, "panic");
});

test("run() takes no long program of operations that never park for a deadlock", async () => {
  const channel = new Channel<number>(1);
  const start = performance.now();

  await run(async () => {
    while (performance.now() - start < 30) {
      await channel.send(1);
      await channel.recv();
    }
  });

  assert(performance.now() - start >= 30);
});

test("blocks() rejects when the task ends", async () => {
  await assertRejects(() => blocks(Promise.resolve()), AssertionError, "did not block");
});

test("run() takes a task that is shown to block for no deadlock", async () => {
  await run(async (go) => {
    for (let i = 0; i < 3; i++) {
      await blocks(new Channel().recv());
      await gosched();
      const channel = new Channel<number>();
      go(() => channel.send(i));
      await channel.recv();
    }
  });
});

test("take() rejects when the channel ends", async () => {
  const channel = new Channel();
  channel.close();

  await assertRejects(() => take(channel), AssertionError, "closed");
});
