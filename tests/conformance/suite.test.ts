import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { BEHAVIOURS, unknownNames } from "./suite.ts";

test("BEHAVIOURS gives each behaviour a name of its own", () => {
  const names = BEHAVIOURS.map(({ name }) => name);

  const repeated = names.filter((name, i) => names.indexOf(name) !== i);

  assertEquals(repeated, []);
});

test("BEHAVIOURS can all be shown by the capacities 0, 1, 2, 10 and Infinity", () => {
  const hidden = BEHAVIOURS.filter(({ shows }) => ![0, 1, 2, 10, Infinity].some(shows));

  assertEquals(hidden, []);
});

test("unknownNames() finds the names in deviations that are no behaviours", () => {
  const [known] = BEHAVIOURS;
  const deviations = [{ reason: "tried out", tests: [known!.name, "send() flies"] }];

  const unknown = unknownNames(deviations);

  assertEquals(unknown, ["send() flies"]);
});
