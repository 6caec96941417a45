/** The bars of must_hold.mjs, by groups. */

/**
 * How many times the time of others a scenario may take. `to` is a contender, the library itself at
 * another scenario, or some of `SETS`, of whom the nearest counts. `by` is `cpu`, processor time, where
 * nothing else is said: what else runs on the machine takes none of it. What several threads gain by
 * working at once, and how soon an answer is there, is to be seen by the clock: `by: "rounds"`. Of
 * `beside` it is told what it makes of the same: if Go gains nothing by two threads, a core was taken.
 */
export const RATIOS = {
  channels: [
    { scenario: "bounded16_spsc", to: "floor", node: 1.25, deno: 1.4 },
    { scenario: "bounded16_spsc", to: "generator", node: 1, deno: 1 },
    { scenario: "bounded16_spsc_rxfirst", to: "floor", node: 1.25, deno: 1.4 },
    { scenario: "pingpong", to: "floor", node: 1.6, deno: 1.6 },
  ],
  flows: [
    { scenario: "pipe_map3", to: "generator", node: 1 / 2.2, deno: 1 / 2.2 },
    { scenario: "pipe_sync5", to: "pipe_sync1", node: 1.3, deno: 1.3 },
    { scenario: "merge8", to: "rivals", node: 1, deno: 1 },
  ],
  workers: [
    { scenario: "workers_calls", to: "pools", node: 1 / 6, deno: 1 / 6 },
    { scenario: "workers_lone", to: "piscina", node: 1, deno: 1, by: "rounds" },
    {
      scenario: "workers_10us",
      to: "floor",
      node: 1 / 1.4,
      deno: 1 / 1.4,
      by: "rounds",
      beside: "go2",
    },
    {
      scenario: "workers_100us",
      to: "floor",
      node: 1 / 1.7,
      deno: 1 / 1.7,
      by: "rounds",
      beside: "go2",
    },
    {
      scenario: "workers_1ms",
      to: "floor",
      node: 1 / 1.85,
      deno: 1 / 1.85,
      by: "rounds",
      beside: "go2",
    },
    {
      scenario: "workers_0",
      to: "a fixed batch",
      node: 1.15,
      deno: 1.15,
      by: "rounds",
    },
    {
      scenario: "workers_10us",
      to: "a fixed batch",
      node: 1.15,
      deno: 1.15,
      by: "rounds",
    },
    {
      scenario: "workers_100us",
      to: "a fixed batch",
      node: 1.15,
      deno: 1.15,
      by: "rounds",
    },
    {
      scenario: "workers_1ms",
      to: "a fixed batch",
      node: 1.15,
      deno: 1.15,
      by: "rounds",
    },
  ],
};

/** What is counted, in limits.mjs. */
export const CHECKS = {
  channels: [
    "idle_selects",
    "lost_timers",
    "signal_waits",
    "signal_waits_at_once",
    "scattered_cancels",
    "hot_rendezvous",
    "hot_buffer",
    "hot_sends",
  ],
  flows: ["flow_of_10_million", "flow_starts_and_cancels"],
  workers: ["workers_slow_consumer", "workers_replacement"],
};

/** The floor is no program of its own, Go another language. */
const NO_RIVALS = ["floor", "ours", "go1", "go2", "asyncio", "python_queue"];
const POOLS = ["piscina", "tinypool", "workerpool", "poolifier", "python"];
const isBatch = (name) => /^by\d+$/.test(name);

/** Who belongs to what a bar calls `to`. */
export const SETS = {
  rivals: (name) => !NO_RIVALS.includes(name) && !POOLS.includes(name) && !isBatch(name),
  pools: (name) => POOLS.includes(name),
  "a fixed batch": isBatch,
};
