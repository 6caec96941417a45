/** After Go's test/ken/chan1.go: ten receivers share what one sender sends. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, select } from "../../mod.ts";
import { gosched, run } from "./program.ts";

const VALUES = 1_000;
const RECEIVERS = 10;
const CAPACITY = 2;

test("select() of ten receivers takes each value once, after it was sent (ken/chan1.go)", () =>
  run(async (go) => {
    const channel = new Channel<number>(CAPACITY);
    const marks = Array<"sent" | "received" | undefined>(VALUES);
    const receive = async (from: Receiver<number>) => {
      for (;;) {
        const selected = await select({ from });
        if (selected.done) return;
        assertEquals(marks[selected.value], "sent");
        marks[selected.value] = "received";
      }
    };
    const receiving = Array.from({ length: RECEIVERS }, () => receive(channel));
    for (const it of receiving) go(() => it);
    await gosched();

    for (let n = 0; n < VALUES; n++) {
      assertEquals(marks[n], undefined);
      marks[n] = "sent";
      await channel.send(n);
    }
    channel.close();
    await Promise.all(receiving);

    assertEquals(marks, Array(VALUES).fill("received"));
  }));
