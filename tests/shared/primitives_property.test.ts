import { assert } from "@std/assert";
import { test } from "node:test";
import { check } from "../sync/verification.ts";
import { SHARED_REALS } from "./primitive_reals.ts";

test("the shared primitives follow the model in made-up programs", async () => {
  await check(SHARED_REALS, 1000, false);
});

test("the shared primitives follow the model while the event loop is hot", async () => {
  assert(await check(SHARED_REALS, 200, true) > 0, "the guard of the event loop never acted");
});
