/** What the threads of ../shared_phases.ts run. */
import type { SharedArray, SharedBarrier, SharedValue } from "../../../workers/mod.ts";

/** Squares its part of the numbers; when all have done so, adds up the other parts, too. */
export function work(
  me: number,
  threads: number,
  numbers: SharedArray<"f64">,
  barrier: SharedBarrier,
  agreed: SharedValue<"i32">,
): number {
  const { view } = numbers;
  for (let i = me; i < view.length; i += threads) view[i]! **= 2;
  barrier.waitSync(); // blocks this thread, and no other
  const sum = view.reduce((total, n) => total + n, 0);
  agreed.add(1); // one step for all threads, so it needs no lock
  barrier.waitSync(); // all have read: the numbers may be changed again
  using _permit = numbers.lockSync();
  view[0] = view[0]! + 10; // two steps, between which nobody else comes
  return sum;
}
