/** The threads of the shared scenarios, and what they send. */
import { MessageChannel, Worker } from "node:worker_threads";

export const CAPACITY = 1024;

/** An object as programs send them: some fields, a string, a short array. */
export const record = (i) => ({
  id: i,
  name: "item-12",
  values: [1, 2, 3, 4, 5, 6, 7, i],
});

/**
 * Starts a thread that has the jobs of `module`, opened with `args`.
 *
 * @returns How it is told to do a job with `n` values: a promise of what comes of it.
 */
export async function startThread(module, args, transferList = []) {
  const { port1, port2 } = new MessageChannel();
  new Worker(new URL("./thread.mjs", import.meta.url), {
    workerData: {
      control: port2,
      module: new URL(module, import.meta.url).href,
      args,
    },
    transferList: [port2, ...transferList],
  });
  const answer = () =>
    new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
  await answer();
  return (job, n) => {
    const done = answer();
    port1.postMessage({ job, n });
    return done;
  };
}
