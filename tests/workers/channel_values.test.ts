/** Channels as values of bridged channels: the request that brings its reply channel. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { test } from "node:test";
import { Channel, from, select } from "../../mod.ts";
import { spawn, ThreadError } from "../../workers/mod.ts";
import type { PortChannel } from "../../workers/port_channel.ts";
import { HANDLE, registerKind, type SharedHandle } from "../../workers/shared/handle.ts";
import { counts } from "../unit/counts.ts";
import { DONE, watch } from "../unit/watch.ts";
import { Bridge, quiet } from "./bridges.ts";
import type * as tasks from "./modules/tasks.ts";

const url = new URL("./modules/tasks.ts", import.meta.url);

/** Runs a body with a channel, its far end and a second one in another place. */
async function across(
  capacity: number,
  body: (near: Channel<unknown>, far: PortChannel<unknown>, other: PortChannel<unknown>) => unknown,
): Promise<void> {
  const near = new Channel<unknown>(capacity, { name: "mill" });
  const bridges = [new Bridge(), new Bridge()] as const;
  try {
    await body(near, bridges[0].open(near), bridges[1].open(near));
    await quiet();
  } finally {
    for (const bridge of bridges) bridge.close();
  }
}

type Reply = Channel<number>;

test("PortChannel.recv() gives a channel that works, for one that was sent", async () => {
  await across(0, async (near, far) => {
    const reply = new Channel<number>(1);
    void near.send(reply);

    const { value } = await far.recv();
    await (value as Reply).send(5);

    assertEquals(await reply.recv(), { done: false, value: 5 });
  });
});

test("PortChannel.send() gives the near end a channel of the far one", async () => {
  await across(0, async (near, far) => {
    const reply = new Channel<number>(1);
    void far.send(reply);

    const { value } = await near.recv();
    await (value as Reply).sendMany([5]);
    (value as Reply).close();
    await quiet();

    assertEquals(await reply.recvMany(2), [5]);
    assertEquals(await reply.recv(), DONE);
  });
});

test("PortChannel gives a channel that comes back to its own thread as itself", async () => {
  await across(1, async (near, far) => {
    const reply = new Channel<number>();
    await near.send({ reply });
    const { reply: bridged } = (await far.recv()).value as { reply: Reply };

    await far.send([bridged]);

    const { value: [back] } = await near.recv() as { value: Reply[] };
    assertStrictEquals(back, reply);
    assert(bridged !== reply);
  });
});

test("PortChannel passes a channel of one far end on to another", async () => {
  await across(0, async (_, far, other) => {
    const reply = new Channel<number>();
    const received = watch(reply.recv());
    void far.send({ deep: [{ reply }] });

    const { value } = await other.recv() as { value: { deep: [{ reply: Reply }] } };
    await value.deep[0].reply.send(7);
    await quiet();

    assertEquals(received.value, { done: false, value: 7 });
  });
});

test("PortChannel gives a channel that stands in several places as one", async () => {
  await across(2, async (near, far) => {
    const reply = new Channel<number>();
    await near.sendMany([[reply, { reply }], reply]);

    const [[a, { reply: b }], c] = await far.recvMany(2) as [[Reply, { reply: Reply }], Reply];

    assertEquals([a === b, b === c], [true, true]);
  });
});

test("PortChannel.sendCase(), trySend() and sendMany() send channels", async () => {
  await across(Infinity, async (near, far) => {
    const replies = [1, 2, 3].map((n) => new Channel<number>(n));
    far.trySend(replies[0]);
    await far.sendMany(replies.slice(1));
    await quiet();

    const values = await near.recvMany(3) as Reply[];

    assertEquals(values.map(({ capacity }) => capacity), [1, 2, 3]);
  });
});

test("PortChannel gives a channel whole that was lent and came back", async () => {
  await across(1, async (near, far, other) => {
    const reply = new Channel<number>(1);
    const bridge = new Bridge();
    void bridge.open(near).recv();
    await quiet();
    await near.send(reply);
    bridge.end();

    const value = (await other.recv()).value as Reply;
    await value.send(1);

    assertEquals((await reply.recv()).value, 1);
    assertEquals(far.closed, false);
  });
});

class Holder {
  readonly reply = new Channel<number>();
}

const misplaced: Record<string, [value: unknown, path: string]> = {
  "a map": [{ in: new Map([["key", new Channel()]]) }, 'value["in"][1]'],
  "a set": [new Set([new Channel()]), "value[0]"],
  "an instance of a class": [[new Holder()], 'value[0]["reply"]'],
  "a flow": [{ flow: from([1]) }, 'value["flow"] must be a Channel'],
};

for (const [name, [value, path]] of Object.entries(misplaced)) {
  test(`PortChannel refuses what would come as an empty object: ${name}`, async () => {
    await across(2, async (near, far) => {
      const sent = await assertRejects(() => far.send(value), DOMException, path);
      await near.sendMany([value, 1]);
      const received = await assertRejects(() => far.recv(), DOMException, path);

      assertEquals([sent.name, received.name], ["DataCloneError", "DataCloneError"]);
      assertEquals(await near.recvMany(3), [value, 1]);
    });
  });
}

test("PortChannel sends what stands in itself, however large", async () => {
  await across(1, async (near, far) => {
    const list: unknown[] = Array.from({ length: 1_000 }, () => ({}));
    list.push(list, new Channel(3));
    await near.send(list);

    const { value } = await far.recv() as { value: unknown[] };

    assertStrictEquals(value[1_000], value);
    assertEquals((value[1_001] as Reply).capacity, 3);
  });
});

test("PortChannel forgets a reply channel that is drained, at both ends", async () => {
  await across(0, async (near, far) => {
    const reply = new Channel<number>(1);
    void near.send(reply);
    const value = (await far.recv()).value as Reply;
    await value.send(1);
    value.close();
    await reply.recv();
    await quiet();

    const before = Reflect.ownKeys(counts(reply));
    void near.send({ reply });
    const again = ((await far.recv()).value as { reply: Reply }).reply;

    assert(again !== value, "it was not forgotten");
    assertEquals([await value.recv(), await again.recv(), before.length], [DONE, DONE, 5]);
    await assertRejects(() => again.send(2));
    void far.send(value);
    assertEquals(await ((await near.recv()).value as Reply).recv(), DONE);
  });
});

test("PortChannel that is forgotten while it is given once more has an end, too, and comes back", async () => {
  await across(4, async (near, far) => {
    const reply = new Channel<number>(1);
    await near.send(reply);
    await far.recv();
    const receiving = far.recv();
    await quiet();

    // The far end learns of the end, and forgets the channel; what it is given here is on its way by then.
    reply.close();
    await near.send({ reply });
    const again = ((await receiving).value as { reply: Reply }).reply;
    const end = watch(again.recv());
    await quiet();
    await far.send([again]);
    const { value } = await near.recv() as { value: [Reply] };

    assertEquals(end.value, DONE);
    assertEquals(await value[0].recv(), DONE);
  });
});

class Shared {
  readonly handle: SharedHandle;
  constructor(handle: SharedHandle) {
    this.handle = handle;
  }
  [HANDLE](): SharedHandle {
    return this.handle;
  }
}
registerKind("test", (handle) => new Shared(handle));

test("PortChannel gives what lives in shared memory anew, of its handle", async () => {
  await across(1, async (near, far) => {
    const memory = new SharedArrayBuffer(8);
    await near.send({ list: [new Shared({ kind: "test", memory, offset: 8, generation: 1 })] });

    const { value } = await far.recv() as { value: { list: [Shared] } };

    assertInstanceOf(value.list[0], Shared);
    assertEquals([value.list[0].handle.offset, value.list[0].handle.memory.constructor], [
      8,
      SharedArrayBuffer,
    ]);
  });
});

test("spawn() serves requests that bring their reply channel, in both directions", async () => {
  const requests = new Channel<tasks.Request>();
  const server = spawn<typeof tasks.serve>(url, { export: "serve", args: [requests] });
  const client = spawn<typeof tasks.ask>(url, { export: "ask", args: [requests, 20] });

  const answers = [];
  for (let n = 1; n <= 20; n++) {
    const reply = new Channel<number>(1);
    await requests.send({ n, reply });
    answers.push((await reply.recv()).value);
  }

  assertEquals(answers.reduce((sum, n) => sum! + n!, 0), 2_870);
  assertEquals(await client, 2_870);
  requests.close();
  assertEquals(await server, 40);
});

for (const how of ["returns", "exits"] as const) {
  test(`spawn() ends operations on a channel of a thread that ${how}`, async () => {
    const [out, go] = [new Channel<Channel<number>>(), new Channel<void>()];
    const args = [out, go, how] as const;
    const task = spawn<typeof tasks.gives>(url, { export: "gives", args });
    const channel = (await out.recv()).value!;
    const [receiving, selecting] = [watch(channel.recv()), watch(select({ channel }))];

    await go.send();
    await task.then(() => {}, () => {});
    const later = [await failure(channel.recv()), await failure(channel.send(1))];

    const reasons = [receiving.reason, selecting.reason, ...later];
    for (const reason of reasons) assertInstanceOf(reason, ThreadError);
  });
}

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (error: unknown) => error);
}

test("spawn() gives a channel back that was given to it, and refuses one of the thread", async () => {
  const channel = new Channel<number>();
  const args = [channel] as const;

  const back = await spawn<typeof tasks.givesBack>(url, { export: "givesBack", args });
  const refused = spawn<typeof tasks.givesOwn>(url, { export: "givesOwn" });

  assertStrictEquals(back.channel, channel);
  await assertRejects(async () => await refused, DOMException, 'result["own"]');
});
