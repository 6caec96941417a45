import { assert } from "@std/assert";
import { test } from "node:test";
import { check } from "./verification.ts";
import { REALS } from "./world.ts";

test("the primitives follow the model in made-up programs", async () => {
  await check(REALS, 3000, false);
});

test("the primitives follow the model while the event loop is hot", async () => {
  assert(await check(REALS, 200, true) > 0, "the guard of the event loop never acted");
});
