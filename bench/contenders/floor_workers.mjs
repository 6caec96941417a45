/**
 * The floor of the worker scenarios: no thread, the same functions called in the main thread. Of the
 * lone value a bare message to a thread and back.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import { callAll, callEach, numbers, WORK } from "./tasks.mjs";
import * as functions from "./work.mjs";
import { sumOf } from "./workload.mjs";

/** One call after the other, in a loop without a promise. */
function serial(name) {
  const work = functions[name];
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += work(i);
    return sum;
  };
}

let resolve;
const keepResolve = (it) => {
  resolve = it;
};

function openEcho() {
  const { port1, port2 } = new MessageChannel();
  const file = new URL("./echo_thread.mjs", import.meta.url);
  new Worker(file, { workerData: port2, transferList: [port2] });
  port1.onmessage = ({ data }) => resolve(data);
  return (value) => {
    const answer = new Promise(keepResolve);
    port1.postMessage(value);
    return answer;
  };
}

let echo;

export const workers = {};
for (const [scenario, name] of Object.entries(WORK)) workers[scenario] = serial(name);
workers.workers_0 = (n) => sumOf(numbers(n));
workers.workers_calls = (n) => callAll(n, (value) => Promise.resolve(value));
workers.workers_lone = (n) => callEach(n, echo ??= openEcho());
