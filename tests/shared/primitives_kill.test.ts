/** Locks and the threads that die with them. */
import { assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { setTimeout } from "node:timers";
import { CAN_KILL, Hold, startThread, type Thread } from "../../workers/runtime.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { SharedArray, SharedSemaphore } from "../../workers/mod.ts";
import { within } from "../../workers/shared/site.ts";

const ENTRY = new URL("./modules/lock_thread.ts", import.meta.url);
const KILLS = Number(process.env["KILLS"] ?? 12);
/** Milliseconds in which something must come. */
const PATIENCE = 60_000;

const skip = CAN_KILL ? false : "this runtime does not end threads that are busy";

/** Starts one; answers how to kill it, and what it had to say. */
function start(
  domain: Domain,
  id: number,
  work: object,
): { thread: Thread; ended: Promise<string[]> } {
  const { memory, seat } = domain.reserve();
  const said: string[] = [];
  let thread: Thread | undefined;
  const ended = new Promise<string[]>((resolve) => {
    thread = startThread(ENTRY, { name: `lock ${id}` }, {
      message: (message) => said.push(String(message)),
      failed: (error) => said.push(String(error)),
      exited: () => {
        domain.bury(seat!);
        resolve(said);
      },
    });
  });
  thread!.post({ memory, seat, id, ...work });
  return { thread: thread!, ended };
}

async function passed(view: Int32Array, more: number): Promise<void> {
  const goal = Atomics.load(view, 1) + more;
  for (let waited = 0; Atomics.load(view, 1) < goal; waited++) {
    if (waited > PATIENCE) throw new Error("the lock is stuck");
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
}

test("locks live on when the threads that hold them are killed", { skip }, async () => {
  const hold = new Hold();
  hold.on = true;
  const domain = new Domain(createMemory());
  const [array, semaphore] = within(
    domain,
    () => [new SharedArray("i32", 2), new SharedSemaphore(2)],
  );
  const work = { array: array.handle, semaphore: semaphore.handle };
  const running = [1, 2, 3].map((id) => start(domain, id, work));
  const said: string[] = [];

  for (let kills = 0; kills < KILLS; kills++) {
    await passed(array.view, 1 + (kills * 7919) % 997);
    const { thread, ended } = running.shift()!;
    thread.terminate();
    running.push(start(domain, kills + 4, work));
    said.push(...await ended);
  }
  await passed(array.view, 100);
  for (const { thread } of running) thread.terminate();
  for (const { ended } of running) said.push(...await ended);

  assertEquals(said, []);
  await array.lock({ timeout: PATIENCE });
  assertEquals(semaphore.available, 2);
  hold.on = false;
});
