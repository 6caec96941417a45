/**
 * Runs a program of goroutines: `go` starts a task, and a panic in any of them is the program's.
 *
 * As in Go, the program ends with its main task, whatever the others wait for, and when nothing can move
 * any more it is a deadlock, at once and not after a time limit.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import type { Receiver } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";

/** The go statement. */
export type Go = (task: () => Promise<unknown>) => void;

/** Runs `main` to its end. */
export async function run(main: (go: Go) => Promise<void>): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    const go: Go = (task) => void task().catch(reject);
    main(go).then(resolve, reject);
  });
  await Promise.race([ended, deadlock()]);
}

/** Changes while `blocks` waits until nothing moves: then it is no deadlock that nothing does. */
let looks = 0;

/** Asserts that `task` blocks for ever: nothing moves, and it has not ended. */
export async function blocks(task: Promise<unknown>): Promise<void> {
  let ended = false;
  const end = () => void (ended = true);
  task.then(end, end);
  looks++;
  await idle();
  looks++;
  if (ended) throw new AssertionError("The task did not block.");
}

/** Lets the others run, as `runtime.Gosched`. */
export function gosched(): Promise<void> {
  return Promise.resolve();
}

/** Go's `<-channel` on a channel that is not expected to end. */
export async function take<T>(channel: Receiver<T>): Promise<T> {
  const received = await channel.recv();
  if (received.done) throw new AssertionError("The channel was closed.");
  return received.value;
}

async function deadlock(): Promise<never> {
  let seen: number;
  do {
    seen = looks;
    await idle();
  } while (seen !== looks);
  throw new AssertionError("All goroutines are asleep: deadlock.");
}
