/** What the threads of ../processes_and_queue.ts run. */
import type { Receiver, Sender } from "../../../mod.ts";

/** Puts the numbers of `first` to `last` into the queue. */
export async function produce(queue: Sender<number>, first: number, last: number): Promise<void> {
  for (let n = first; n <= last; n++) await queue.send(n);
}

/** Takes numbers out of the queue until its end, and gives their prime factors. */
export async function consume(queue: Receiver<number>, results: Sender<string>): Promise<number> {
  let taken = 0;
  for await (const n of queue) {
    await results.send(`${n} = ${primeFactors(n).join(" * ")}`);
    taken++;
  }
  return taken;
}

function primeFactors(n: number): number[] {
  for (let factor = 2; factor * factor <= n; factor++) {
    if (n % factor === 0) return [factor, ...primeFactors(n / factor)];
  }
  return [n];
}
