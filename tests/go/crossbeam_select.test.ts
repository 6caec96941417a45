/**
 * After crossbeam-channel's tests/select.rs and tests/ready.rs: the programs that Go's tests do not
 * have. What sleeps there waits here until nothing moves.
 */
import { assert, assertEquals, assertGreaterOrEqual, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, select, trySelect } from "../../mod.ts";
import { idle, setSeed } from "../../testing/mod.ts";
import { waiting } from "../unit/counts.ts";
import { dice } from "./dice.ts";
import { blocks, gosched, run, take } from "./program.ts";

const SEED = 20_261_124;
const ROUNDS = 2_000;

for (const [leftover, tasks] of [[0, 44], [1, 55]] as const) {
  test(`select() of both directions pairs off ${tasks} tasks, ${leftover} left over (matching)`, () =>
    run(async () => {
      const channel = new Channel<number>();
      const all = Array.from({ length: tasks }, async (_, mine) => {
        const { key, value } = await select({ in: channel, out: channel.sendCase(mine) });
        if (key === "in") assertNotEquals(value, mine);
      });

      if (leftover > 0) await channel.send(-1);
      await Promise.all(all);

      assertEquals([channel.tryRecv(), waiting(channel)], [undefined, 0]);
    }));
}

test("select() with timeout 0 acts on one moment (linearizable_timeout)", () =>
  run(async () => {
    for (const capacity of [1, Infinity]) {
      for (let n = 0; n < 500; n++) {
        const [first, second] = [new Channel<number>(capacity), new Channel<number>(capacity)];
        await first.send(1);
        const looking = gosched().then(() => select({ first, second }, { timeout: 0 }));

        await second.send(1);
        first.tryRecv();

        assertEquals((await looking).done, false);
      }
    }
  }));

test("select() meets a partner that sends, then receives, in either order (both_ready)", () =>
  run(async (go) => {
    const [from, to] = [new Channel<number>(), new Channel<number>()];
    go(async () => {
      await from.send(1);
      assertEquals(await take(to), 2);
    });

    const keys = [];
    for (let n = 0; n < 2; n++) keys.push((await select({ from, to: to.sendCase(2) })).key);

    assertEquals(keys.toSorted(), ["from", "to"]);
  }));

test("trySelect() in two loops meets a select that waits, on one side only (loop_try)", async () => {
  const [from, to, end] = [1, 2, 3].map(() => new Channel<number>()) as [
    Channel<number>,
    Channel<number>,
    Channel<number>,
  ];
  const happened: string[] = [];
  const loop = async (name: string, attempt: () => boolean) => {
    while (end.tryRecv()?.done !== true) {
      if (attempt()) return void happened.push(name);
      await idle();
    }
  };
  const loops = [
    loop("sent", () => trySelect({ out: from.sendCase(1) }) !== undefined),
    loop("received", () => to.tryRecv()?.value === 2),
  ];
  await idle();

  const { key } = await select({ from, to: to.sendCase(2) });
  end.close();
  await Promise.all(loops);

  assertEquals(happened, [key === "from" ? "sent" : "received"]);
});

test("select() takes each of several equal cases sooner or later (duplicate_operations)", () =>
  run(async () => {
    setSeed(SEED);
    const channel = new Channel<number>(Infinity);
    const hit = new Set<number>();

    for (let n = 0; n < 1_000 && hit.size < 4; n++) {
      const cases = [channel, channel, channel.sendCase(0), channel.sendCase(0)] as const;
      hit.add((await select(cases)).key);
    }

    assertEquals(hit.size, 4);
  }));

test("select() inside the outcome of a select finds the channel as that left it (nesting)", () =>
  run(async () => {
    const channel = new Channel<number>(Infinity);

    for (const value of [0, 1]) {
      switch ((await select({ out: channel.sendCase(value) })).key) {
        case "out": {
          const inner = await select({ in: channel });
          assertEquals(inner, { key: "in", done: false, value });
        }
      }
    }
  }));

test("select() of both directions waits alone, and sends where there is room (send_recv_same_channel)", async () => {
  const [narrow, wide] = [new Channel<number>(), new Channel<number>(Infinity)];

  await blocks(select({ out: narrow.sendCase(0), in: narrow }));

  assertEquals((await select({ out: wide.sendCase(0), in: wide })).key, "out");
});

test("select() takes what an ordered partner sends on either of two channels (stress_recv)", () =>
  run(async (go) => {
    const [a, b, acknowledged] = [
      new Channel<number>(Infinity),
      new Channel<number>(5),
      new Channel<void>(100),
    ];
    go(async () => {
      for (let n = 0; n < ROUNDS; n++) {
        for (const channel of [a, b]) {
          await channel.send(n);
          await take(acknowledged);
        }
      }
    });

    for (let n = 0; n < 2 * ROUNDS; n++) {
      assertEquals((await select({ a, b })).value, n >> 1);
      await acknowledged.send();
    }
  }));

test("select() sends on whichever of two channels its partner receives from (stress_send)", () =>
  run(async (go) => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const done = new Channel<void>(100);
    go(async () => {
      for (let n = 0; n < ROUNDS; n++) {
        assertEquals([await take(a), await take(b)], [n, n]);
        await take(done);
      }
    });

    for (let n = 0; n < ROUNDS; n++) {
      for (let i = 0; i < 2; i++) await select([a.sendCase(n), b.sendCase(n)]);
      await done.send();
    }
  }));

test("select() sends and receives with a partner that does both in turn (stress_mixed, reuse)", () =>
  run(async (go) => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const done = new Channel<void>(100);
    go(async () => {
      for (let n = 0; n < ROUNDS; n++) {
        await a.send(n);
        assertEquals(await take(b), n);
        await take(done);
      }
    });

    for (let n = 0; n < ROUNDS; n++) {
      for (let i = 0; i < 2; i++) {
        const { key, value } = await select({ a, out: b.sendCase(n) });
        if (key === "a") assertEquals(value, n);
      }
      await done.send();
    }
  }));

for (const capacity of [0, 1, 2]) {
  test(`select() passes channels through channels, capacity ${capacity} (channel_through_channel)`, () =>
    run(async (go) => {
      interface Link {
        readonly next: Channel<Link>;
      }
      const first = new Channel<Link>(capacity);
      go(async () => {
        for (let channel = first, n = 0; n < 1_000; n++) {
          const next = new Channel<Link>(capacity);
          await select({ out: channel.sendCase({ next }) });
          channel = next;
        }
      });

      let channel: Receiver<Link> = first;
      for (let n = 0; n < 1_000; n++) {
        const selected = await select({ in: channel });
        assert(!selected.done);
        channel = selected.value.next;
      }
    }));
}

/** Lets the others run now and then. Two tasks in lock step would meet in one state for ever. */
async function sometimes(roll: (sides: number) => number): Promise<void> {
  for (let turns = roll(4); turns > 0; turns--) await gosched();
}

test("select() serves all of three kinds of channel, none of them rarely (fairness2)", () =>
  run(async (go) => {
    setSeed(SEED);
    const roll = dice(SEED);
    const channels = [Infinity, 1, 0].map((capacity) => new Channel<void>(capacity));
    const [wide, narrow, none] = channels as [Channel<void>, Channel<void>, Channel<void>];
    go(async () => {
      for (let n = 0; n < 5 * ROUNDS; n++) {
        await sometimes(roll);
        await select([
          wide.size === 0 && wide.sendCase(),
          narrow.size === 0 && narrow.sendCase(),
          none.sendCase(),
        ]);
      }
    });

    const hits = [0, 0, 0];
    for (let n = 0; n < 5 * ROUNDS; n++) {
      await sometimes(roll);
      hits[(await select(channels)).key]!++;
    }

    for (const hit of hits) assertGreaterOrEqual(hit, 5 * ROUNDS / 3 / 50, `${hits}`);
  }));
