/** What the threads of ../daisy_chain.ts run. */
import type { SharedChannel } from "../../../workers/mod.ts";

/** Takes numbers from one side and gives them to the other, one more. Answers how many. */
export function pass(from: SharedChannel<number>, to: SharedChannel<number>): number {
  for (let passed = 0;; passed++) {
    const r = from.recvSync(); // nothing else happens in this thread: it sleeps
    if (r.done) {
      to.close();
      return passed;
    }
    to.sendSync(r.value + 1);
  }
}
