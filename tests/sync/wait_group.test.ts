import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { WaitGroup } from "../../sync/mod.ts";
import { idle } from "../../testing/mod.ts";
import { settled, watch } from "../unit/watch.ts";

test("WaitGroup.wait() passes when nothing was added", async () => {
  await settled(new WaitGroup().wait());
});

test("WaitGroup.wait() passes when all that was added is done, and not before", async () => {
  const group = new WaitGroup();
  group.add(2);
  group.add();
  const wait = watch(group.wait());

  group.done();
  group.done();
  await idle();
  const before = wait.state;
  group.done();
  await idle();

  assertEquals([before, wait.state, group.count], ["waiting", "fulfilled", 0]);
});

test("WaitGroup.add() of a negative number counts as done", async () => {
  const group = new WaitGroup();
  group.add(3);
  const wait = watch(group.wait());

  group.add(-3);
  await idle();

  assertEquals([wait.state, group.count], ["fulfilled", 0]);
});

test("WaitGroup.wait() passes when more is added in the turn in which the count came to 0", async () => {
  const group = new WaitGroup();
  group.add();
  const wait = group.wait();

  group.done();
  group.add();

  await settled(wait);
  assertEquals(group.count, 1);
});

test("WaitGroup can be used again", async () => {
  const group = new WaitGroup();
  for (let round = 0; round < 3; round++) {
    group.add();
    const wait = watch(group.wait());
    await idle();
    assertEquals(wait.state, "waiting");
    group.done();
    await idle();
    assertEquals(wait.state, "fulfilled");
  }
});

test("WaitGroup.done() throws when nothing is under way, and changes nothing", () => {
  const group = new WaitGroup();

  assertThrows(() => group.done(), RangeError, "-1");

  assertEquals(group.count, 0);
});

test("WaitGroup.add() throws when the count would be negative, and wakes nobody", async () => {
  const group = new WaitGroup();
  group.add(2);
  const wait = watch(group.wait());

  assertThrows(() => group.add(-3), RangeError, "-1");

  await idle();
  assertEquals([group.count, wait.state], [2, "waiting"]);
});

const WRONG = [[1.5, RangeError], [NaN, RangeError], [Infinity, RangeError], [
  "1",
  TypeError,
]] as const;

for (const [wrong, kind] of WRONG) {
  test(`WaitGroup.add(${typeof wrong} ${wrong}) throws ${kind.name}, and changes nothing`, () => {
    const group = new WaitGroup();

    const error = assertThrows(() => group.add(wrong as number), kind);

    assertStringIncludes(error.message, "n must be");
    assertStringIncludes(error.message, `${wrong}`);
    assertEquals(group.count, 0);
  });
}
