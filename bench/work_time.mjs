/**
 * How many loops of `turn` make a microsecond here: measured once, and told to all contenders in
 * JavaScript, so that they do the same work. A loop that looked at the clock would count the time in which
 * the machine does something else as work done.
 */
import { turn } from "./contenders/work.mjs";

const LOOPS = 20_000;
/** The shortest of so many is one that nothing has interrupted. */
const TRIES = 500;

let measured;

/** What a process is told that runs `scenario`. */
export function workTime(scenario) {
  if (!scenario.startsWith("workers_")) return {};
  return { BENCH_LOOPS: String(measured ??= loopsAMicrosecond()) };
}

function loopsAMicrosecond() {
  let shortest = Infinity;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    if (turn(LOOPS) === 0) throw new Error("the work came to nothing");
    shortest = Math.min(shortest, performance.now() - start);
  }
  return Math.round(LOOPS / (shortest * 1_000));
}
