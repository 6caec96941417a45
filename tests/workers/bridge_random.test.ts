/** Bridges under random programs: nothing is lost, nothing comes twice, everybody ends. */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { counts } from "../unit/counts.ts";
import { watch } from "../unit/watch.ts";
import { quiet } from "./bridges.ts";
import { turns, World } from "./bridge_world.ts";

const SEEDS = 150;
/** Why a channel failed, or a thread was stopped. */
const ENOUGH = "enough";

interface Plan {
  /** Where the consumers are, of 0 (near), 1 and 2 (far), and 3, which has its channel from 1. */
  readonly consumers: readonly number[];
  readonly producers: readonly number[];
  /** Which far end dies. */
  readonly dies?: number;
  /** Whether the channel is closed while values are on their way. */
  readonly closes?: boolean;
  /** What else ends it then, at one of the places. */
  readonly ends?: (place: World["places"][number]) => void;
}

/** Runs a program to its end, and checks what became of each value. */
async function run(
  seed: number,
  { consumers, producers, dies, closes = false, ends }: Plan,
): Promise<World> {
  const world = new World(seed);
  const living = (place: number) => place !== dies;
  const at = (place: number) => world.places[place]!;
  const producing = producers.map((place, i) => watch(world.produce(i, at(place), 12)));
  const ending = (error: unknown) => assertEquals(error, ENOUGH);
  const consuming = consumers.map((place) => watch(world.consume(at(place)).catch(ending)));
  if (dies !== undefined || closes || ends !== undefined) await turns(world.dice(20));
  ends?.(at(1 + world.dice(3)));
  // Its last words are on their way, and what it was lent.
  const dying = dies === undefined ? undefined : at(dies).bridge?.die();
  if (closes) {
    await turns(world.dice(3));
    world.channel.close();
  }
  await dying;
  const settled = (all: { state: string }[], places: readonly number[]) =>
    places.every((place, i) => !living(place) || all[i]!.state !== "waiting");
  for (let i = 0; i < 100 && !settled(producing, producers); i++) await quiet();
  // Without a consumer that lives the producers stay where they are.
  world.channel.close();
  await quiet();
  for (let i = 0; i < 100 && !settled(consuming, consumers); i++) await quiet();
  assert(settled(consuming, consumers), "a consumer hangs");
  await world.finish().catch(ending);
  const failed = [...producing, ...consuming].find(({ state }) => state === "rejected");
  if (failed !== undefined) throw failed.reason;
  return world;
}

function verify(world: World): void {
  const times = new Map<string, number>();
  for (const item of [...world.received, ...world.dropped]) {
    times.set(item, (times.get(item) ?? 0) + 1);
  }
  for (const [item, fate] of world.fates) {
    const n = times.get(item) ?? 0;
    const ok = fate === "maybe" ? n <= 1 : n === (fate === "accepted" ? 1 : 0);
    assert(ok, `${item} was ${fate}, and received or dropped ${n} times`);
  }
  const { size, senders, receivers } = counts(world.channel, true);
  assertEquals({ size, receivers }, { size: 0, receivers: 0 });
  assertEquals(senders, 0);
}

async function explore(plan: (world: number) => Plan, also?: (world: World) => void) {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const world = await run(seed, plan(seed));
      verify(world);
      also?.(world);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}

test("a bridge loses and doubles nothing among several threads on both sides", async () => {
  await explore((seed) => ({
    producers: [seed % 3, (seed >> 1) % 3, (seed >> 2) % 3],
    consumers: [(seed >> 3) % 3, (seed >> 4) % 3],
  }));
});

test("a bridge keeps the order of each sender for the only thread that receives", async () => {
  const inOrder = ({ received }: World) => {
    for (const producer of ["0", "1"]) {
      const mine = received.filter((item) => item.startsWith(`${producer}:`))
        .map((item) => Number(item.split(":")[1]));
      assertEquals(mine, mine.toSorted((a, b) => a - b));
    }
  };
  await explore((seed) => ({ producers: [seed % 3, 2], consumers: [1] }), inOrder);
});

test("a bridge loses and doubles nothing when a thread dies that receives", async () => {
  await explore((seed) => ({ producers: [0, 2], consumers: [1, seed % 2 * 2], dies: 1 }));
});

test("a bridge loses and doubles nothing when a thread dies that sends", async () => {
  await explore((seed) => ({ producers: [0, 1, 1], consumers: [2, seed % 2 * 2], dies: 1 }));
});

test("a bridge loses and doubles nothing on the way to a thread behind a thread", async () => {
  const places = (seed: number) => ({
    producers: [seed % 4, (seed >> 1) % 4, 3],
    consumers: [(seed >> 3) % 4, 3],
  });
  await explore((seed) => seed % 3 > 0 ? places(seed) : { ...places(seed), closes: true });
});

test("a bridge loses and doubles nothing when a thread behind a thread dies", async () => {
  await explore((seed) => ({ producers: [0, 2, 3], consumers: [3, seed % 3], dies: 3 }));
});

const nothingLeft = ({ left }: World) => assertEquals(left, 0);

test("a bridge tells no thread the end before the last value has come", async () => {
  const plan = (seed: number) => ({
    producers: [seed % 3, (seed >> 1) % 3, (seed >> 2) % 3],
    consumers: [1, 2, 2],
    closes: true,
  });
  await explore(plan, nothingLeft);
});

test("a bridge tells nobody the end early, in its own thread or behind a thread", async () => {
  const plan = (seed: number) => ({
    producers: [seed % 4, (seed >> 1) % 4, (seed >> 2) % 4],
    consumers: [0, 1, 3],
    closes: true,
  });
  await explore(plan, nothingLeft);
});

test("a bridge tells nobody the end before what a thread behind a thread had that died", async () => {
  const plan = (seed: number) => ({
    producers: [0, 0, seed % 3],
    consumers: [3, 3, seed % 2],
    dies: 3,
    closes: true,
  });
  await explore(plan, nothingLeft);
});

test("a bridge tells no thread the end before it has what another had that died", async () => {
  const plan = (seed: number) => ({
    producers: [0, 0, seed % 3],
    consumers: [1, 1, 2],
    dies: 1,
    closes: true,
  });
  await explore(plan, nothingLeft);
});

const endings: Record<string, NonNullable<Plan["ends"]>> = {
  "cancels the channel": ({ end }) => end.cancel(ENOUGH),
  "fails the channel": ({ end }) => end.fail(ENOUGH),
  "is stopped": ({ bridge }) => bridge?.far.stop(ENOUGH),
};

for (const [what, ends] of Object.entries(endings)) {
  test(`a bridge gives each value one fate when a thread ${what}`, async () => {
    await explore((seed) => ({
      producers: [seed % 4, (seed >> 1) % 4, (seed >> 2) % 4],
      consumers: [0, 1, 3].slice(seed % 2),
      ends,
    }));
  });
}
