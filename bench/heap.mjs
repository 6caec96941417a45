/** What the checks of memory stand on. Needs the collector exposed. */
import process from "node:process";

/** A heap is flat if it grows by less than this: a leak of the smallest object would be ten times as much. */
export const FLAT = 512 * 1024;
const gc = globalThis.gc;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What is left when the collector has run, a few turns of the event loop from now. */
export async function heapUsed() {
  for (let i = 0; i < 4; i++) {
    await turn();
    gc();
  }
  return process.memoryUsage().heapUsed;
}

/**
 * How much the heap grows by `work(n)`, which was warmed up with fewer. Where it does, a second time
 * decides: what an engine keeps once, such as code, is no leak.
 */
export async function growth(n, work) {
  await work(n / 10);
  let bytes = FLAT;
  for (let i = 0; i < 2 && bytes >= FLAT; i++) {
    const before = await heapUsed();
    await work(n);
    bytes = await heapUsed() - before;
  }
  return {
    found: `${kib(bytes)} more`,
    wrong: bytes >= FLAT && "the heap grows",
  };
}

export const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
