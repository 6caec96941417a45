/**
 * Measures one scenario: each contender a process of its own, all of them round by round, so that what
 * else the machine does falls on all alike. Several times over, with fresh processes: an engine that
 * compiles the same program twice does not always come to the same code.
 */
import { Lane } from "./lane.mjs";
import { COUNTS_BYTES } from "./scenarios.mjs";

/**
 * @param scenario Its name.
 * @param contenders Those that take part.
 * @param options `rounds` of `ms` milliseconds, spread over `processes` of each contender.
 * @returns For each contender its nanoseconds a value, round by round, or why there are none.
 */
export async function measure(scenario, contenders, { rounds, ms, processes }) {
  const results = contenders.map(({ name }) => ({ name, rounds: [], cpu: [] }));
  for (let done = 0; done < rounds;) {
    const now = Math.min(rounds - done, Math.ceil(rounds / processes));
    const lanes = contenders.map((contender) => new Lane(contender, scenario));
    await race(lanes, now, ms);
    done += now;
    lanes.forEach((lane, i) => add(results[i], lane));
  }
  if (COUNTS_BYTES.includes(scenario)) {
    await count(scenario, contenders, results);
  }
  return results;
}

/** The memory, in processes that have done nothing else: a collection on demand changes how an engine goes on. */
async function count(scenario, contenders, results) {
  for (const [i, contender] of contenders.entries()) {
    const lane = new Lane(contender, scenario);
    results[i].bytes = await lane.bytes();
    results[i].failure ??= lane.failure;
    lane.end();
  }
}

/** Calibrates all lanes, then lets each run `rounds` rounds in turn. */
async function race(lanes, rounds, ms) {
  try {
    for (const lane of lanes) await lane.calibrate(ms);
    for (let round = 0; round < rounds; round++) {
      // Nobody always runs behind the same one.
      for (let i = 0; i < lanes.length; i++) {
        await lanes[(i + round) % lanes.length].round();
      }
    }
  } finally {
    for (const lane of lanes) lane.end();
  }
}

function add(result, { n, rounds, cpu, failure }) {
  result.n = n;
  result.failure ??= failure;
  result.rounds.push(...rounds);
  result.cpu.push(...cpu);
}
