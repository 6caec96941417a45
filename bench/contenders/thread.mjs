/** A thread of the shared scenarios: opens its jobs, does what it is told, and answers what came of it. */
import { workerData } from "node:worker_threads";

const { control, module, args } = workerData;
const { open } = await import(module);
const jobs = await open(args);

control.onmessage = async ({ data: { job, n } }) => {
  control.postMessage(await jobs[job](n));
};
control.postMessage("ready");
