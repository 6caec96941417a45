/** Node's `events.on`: an emitter read by `for await`. */
import { EventEmitter, on } from "node:events";

export const leavesOut =
  "no bound: an emitter does not wait for its readers; each value comes in an array; no select; its end is an event";

const settled = Promise.resolve();

async function produce(emitter, n) {
  for (let i = 0; i < n; i++) {
    emitter.emit("value", i);
    await settled;
  }
  emitter.emit("end");
}

async function unbounded(n) {
  const emitter = new EventEmitter();
  const values = on(emitter, "value", { close: ["end"] });
  const producer = produce(emitter, n);
  let sum = 0;
  for await (const [value] of values) sum += value;
  await producer;
  return sum;
}

export const scenarios = { unbounded_spsc: unbounded };
