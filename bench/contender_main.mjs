/**
 * One contender in a process of its own. Arguments: the contender's module, the scenario and, for the
 * library itself, the module to measure. Each line on standard input is a number of values to move; the
 * answer is a line of JSON with the time, the processor time of all threads, and the sum that arrived. To
 * `bytes`, before the number, it is the memory a value, at the moment that the scenario calls out.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { heapUsed } from "./heap.mjs";

const [module, scenario] = process.argv.slice(2);
const { scenarios } = await import(module);
const run = scenarios[scenario];

for await (const line of createInterface({ input: process.stdin })) {
  const n = Number(line.match(/\d+/));
  const answer = line.startsWith("bytes") ? await weigh(n) : await time(n);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

// Pools would keep it alive.
process.exit();

async function time(n) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const sum = await run(n);
  const ns = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(cpu);
  return { ns, sum, cpu: (user + system) * 1000 };
}

async function weigh(n) {
  let bytes;
  const before = await heapUsed();
  const sum = await run(n, async () => {
    bytes = (await heapUsed() - before) / n;
  });
  return { bytes, sum };
}
