/** After Go's test/chan/fifo.go: channels are first in, first out, buffered and not. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, type Sender } from "../../mod.ts";
import { run, take } from "./program.ts";

const N = 10;

test("Channel.recv() takes values of the buffer in their order (fifo.go, asynchronous)", () =>
  run(async () => {
    const channel = new Channel<number>(N);
    for (let n = 0; n < N; n++) await channel.send(n);

    for (let n = 0; n < N; n++) assertEquals(await take(channel), n);
  }));

/** A link of a daisy chain: waits for its turn, reads one value, passes the turn on. */
async function link(
  values: Receiver<number>,
  expected: number,
  turn: Receiver<number>,
  next: Sender<number>,
): Promise<void> {
  await take(turn);
  assertEquals(await take(values), expected);
  await next.send(1);
}

test("Channel.send() meets receivers in their order without a buffer (fifo.go, synchronous)", () =>
  run(async (go) => {
    const values = new Channel<number>();
    const first = new Channel<number>();
    let last = first;
    for (let n = 0; n < N; n++) {
      const [turn, next] = [last, new Channel<number>()];
      go(() => link(values, n, turn, next));
      last = next;
    }

    await first.send(0);
    for (let n = 0; n < N; n++) await values.send(n);

    await take(last);
  }));
