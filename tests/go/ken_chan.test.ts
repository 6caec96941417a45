/**
 * After Go's test/ken/chan.go: sends, receives and selects in every combination, over channels of four
 * capacities. On each channel 76 numbers travel in order, from a start that is a multiple of 100; in
 * all 10,944.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { type Go, gosched, run } from "./program.ts";

/** One channel, what is sent next and what must be received next; undefined after the last. */
interface Lane {
  readonly channel: Channel<number>;
  sends: number | undefined;
  receives: number | undefined;
}

/** Transfers of all lanes. */
const total = { sent: 0, received: 0 };
let lanesMade = 0;
let pauses = 0;

function lanes(capacity: number, n: number): Lane[] {
  return Array.from({ length: n }, () => {
    const start = ++lanesMade * 100;
    return { channel: new Channel<number>(capacity), sends: start, receives: start };
  });
}

function after(n: number): number | undefined {
  return n % 100 === 75 ? undefined : n + 1;
}

function hasSent(lane: Lane): void {
  total.sent++;
  lane.sends = after(lane.sends!);
}

function hasReceived(lane: Lane, value: number | undefined): void {
  assertEquals(value, lane.receives);
  total.received++;
  lane.receives = after(value!);
}

/** Lets the others run a few times, never equally often. */
async function pause(most: number): Promise<void> {
  pauses = (pauses + 10_007) % 1_000_000;
  for (let n = pauses % most; n >= 0; n--) await gosched();
}

async function sending(lane: Lane): Promise<void> {
  while (lane.sends !== undefined) {
    await pause(10);
    await lane.channel.send(lane.sends);
    hasSent(lane);
  }
}

async function receiving(lane: Lane): Promise<void> {
  while (lane.receives !== undefined) {
    await pause(10);
    hasReceived(lane, (await lane.channel.recv()).value);
  }
}

async function selecting(receives: readonly Lane[], sends: readonly Lane[]): Promise<void> {
  const cases = () => [
    ...receives.map((lane) => lane.receives !== undefined && lane.channel),
    ...sends.map((lane) => lane.sends !== undefined && lane.channel.sendCase(lane.sends)),
  ];
  for (let open = cases(); open.some((it) => it !== false); open = cases()) {
    await pause(5);
    const { key, value } = await select(open);
    const lane = [...receives, ...sends][key]!;
    if (key < receives.length) hasReceived(lane, value);
    else hasSent(lane);
  }
}

/** Each pattern takes its lanes in fours, and starts its tasks. */
const PATTERNS: Record<string, { fours: number; tasks: (fours: Lane[][]) => Promise<void>[] }> = {
  "send to receive": {
    fours: 1,
    tasks: ([a]) => [...a!.map(sending), ...a!.map(receiving)],
  },
  "send to select": { fours: 1, tasks: ([a]) => [...a!.map(sending), selecting(a!, [])] },
  "select to receive": { fours: 1, tasks: ([a]) => [...a!.map(receiving), selecting([], a!)] },
  "select to select": { fours: 1, tasks: ([a]) => [selecting([], a!), selecting(a!, [])] },
  "two selects, both ways": {
    fours: 2,
    tasks: ([a, b]) => [selecting(b!, a!), selecting(a!, b!)],
  },
  "two selects in a row, between sends and receives": {
    fours: 3,
    tasks: ([a, b, c]) => [
      ...b!.map(sending),
      ...c!.map(receiving),
      selecting(b!, a!),
      selecting(a!, c!),
    ],
  },
};

async function pattern(go: Go, capacity: number, name: string): Promise<void> {
  const { fours, tasks } = PATTERNS[name]!;
  const all = Promise.all(tasks(Array.from({ length: fours }, () => lanes(capacity, 4))));
  go(() => all);
  await all;
}

const CAPACITIES = [0, 1, 10, 100];

for (const capacity of CAPACITIES) {
  for (const name of Object.keys(PATTERNS)) {
    test(`Channel carries ${name} in order, capacity ${capacity} (ken/chan.go)`, () =>
      run((go) => pattern(go, capacity, name)));
  }
}

test("Channel carried 10,944 numbers, each one once (ken/chan.go)", () => {
  assertEquals(total, { sent: 10_944, received: 10_944 });
});
