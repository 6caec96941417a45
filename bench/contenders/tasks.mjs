/** What all contenders at worker scenarios have in common: threads, work, and how they are asked. */

export const THREADS = 2;
/** Calls at once, where each has a promise of its own. */
export const AT_ONCE = 256;

/** The scenarios of longer and longer work, and the functions of `work.mjs` that do it. */
export const WORK = {
  workers_0: "trivial",
  workers_10us: "us10",
  workers_100us: "us100",
  workers_1ms: "ms1",
};

export const workModule = new URL("./work.mjs", import.meta.url);

export function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

/** Calls with the numbers below `n`, `AT_ONCE` of them at once. Answers the sum of the results. */
export async function callAll(n, call) {
  let next = 0, sum = 0;
  async function callOnAndOn() {
    while (next < n) {
      const result = await call(next++);
      sum += result;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, callOnAndOn));
  return sum;
}

/** The same, one after the other. */
export async function callEach(n, call) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await call(i);
  return sum;
}

/**
 * The scenarios of a pool, which has calls and nothing else.
 *
 * @param open Opens the pool for a function of `work.mjs`; `lone` if it is to have one call at a time.
 * Answers how it is called.
 */
export function poolScenarios(open) {
  const scenarios = {
    workers_calls: asked("trivial", callAll),
    workers_lone: asked("trivial", callEach),
  };
  for (const [scenario, name] of Object.entries(WORK)) scenarios[scenario] = asked(name, callAll);
  return scenarios;

  function asked(name, ask) {
    let call;
    return (n) => ask(n, call ??= open(name, { lone: ask === callEach }));
  }
}
