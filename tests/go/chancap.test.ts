/** After Go's test/chancap.go and test/makechan.go: size, capacity, and capacities that cannot be. */
import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";

test("Channel.size and capacity count values and places (chancap.go)", async () => {
  const channel = new Channel<number>(10);
  assertEquals([channel.size, channel.capacity], [0, 10]);

  for (let n = 0; n < 3; n++) await channel.send(n);

  assertEquals([channel.size, channel.capacity], [3, 10]);
});

test("new Channel() without a capacity has no place (chancap.go)", () => {
  const channel = new Channel<number>();

  assertEquals([channel.size, channel.capacity], [0, 0]);
});

test("new Channel() throws RangeError for a capacity that cannot be (chancap.go, makechan.go)", () => {
  for (const capacity of [-1, 0.5, NaN, -Infinity]) {
    assertThrows(() => new Channel(capacity), RangeError, "capacity");
  }
});

test("new Channel() allocates nothing ahead: no capacity is too large (chancap.go)", () => {
  // In Go these panic, because the buffer would not fit in memory.
  for (const capacity of [2 ** 31 - 1, 2 ** 59, Infinity]) {
    assertEquals(new Channel(capacity).capacity, capacity);
  }
});
