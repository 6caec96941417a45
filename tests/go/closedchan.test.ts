/**
 * After Go's test/closedchan.go: a closed channel, looked at through every form of every operation. What
 * panics there rejects or throws here; closing twice is allowed here (close stands in `finally` blocks).
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, type Received, select, trySelect } from "../../mod.ts";

const DONE = { done: true, value: undefined } as const;
/** Never ready: makes a select of two cases of a select of one. */
const quiet = new Channel<boolean>();

/** The operations of a channel, made in one way. */
interface Form {
  send(channel: Channel<number>, value: number): Promise<unknown>;
  trySend(channel: Channel<number>, value: number): unknown;
  recv(channel: Channel<number>): Promise<Received<number>>;
  tryRecv(channel: Channel<number>): Received<number> | undefined;
}

const FORMS: Record<string, Form> = {
  "the operations": {
    send: (channel, value) => channel.send(value),
    trySend: (channel, value) => channel.trySend(value),
    recv: (channel) => channel.recv(),
    tryRecv: (channel) => channel.tryRecv(),
  },
  "a select of one case": {
    send: (channel, value) => select({ out: channel.sendCase(value) }),
    trySend: (channel, value) => trySelect({ out: channel.sendCase(value) }),
    recv: async (channel) => received(await select({ in: channel })),
    tryRecv: (channel) => received(trySelect({ in: channel })),
  },
  "a select of two cases": {
    send: (channel, value) => select({ quiet, out: channel.sendCase(value) }),
    trySend: (channel, value) => trySelect([quiet, channel.sendCase(value)]),
    recv: async (channel) => received(await select([channel, quiet])),
    tryRecv: (channel) => received(trySelect([quiet, channel])),
  },
};

/** The outcome of a select without its key. */
function received<R extends Received<unknown> | undefined>(outcome: R): Received<number> {
  const { done, value } = outcome as Received<number>;
  return { done, value } as Received<number>;
}

async function isDrained(form: Form, channel: Channel<number>): Promise<void> {
  for (let round = 0; round < 3; round++) {
    assertEquals(await form.recv(channel), DONE);
    assertEquals(form.tryRecv(channel), DONE);
  }
  assertThrows(() => form.trySend(channel, 1), ChannelClosedError);
  assertEquals(await form.recv(channel), DONE, "the value must not have been kept");
  await assertRejects(() => form.send(channel, 2), ChannelClosedError);
  assertEquals(await form.recv(channel), DONE, "the value must not have been kept");
}

for (const [name, form] of Object.entries(FORMS)) {
  test(`Channel that is closed refuses sends and reports done, by ${name} (closedchan.go)`, async () => {
    const channel = new Channel<number>();
    channel.close();

    await isDrained(form, channel);
  });

  for (const taking of ["recv", "tryRecv"] as const) {
    test(`Channel that is closed gives its last value, by ${taking} of ${name} (closedchan.go)`, async () => {
      const channel = new Channel<number>(2);
      await channel.send(1);
      channel.close();

      assertEquals(await form[taking](channel), { done: false, value: 1 });

      await isDrained(form, channel);
    });
  }
}

test("Channel.close() may be called again, unlike Go's (closedchan.go)", async () => {
  const channel = new Channel<number>();
  channel.close();

  channel.close();

  assertEquals(await channel.recv(), DONE);
});
