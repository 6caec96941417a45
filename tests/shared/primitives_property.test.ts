import { assert } from "@std/assert";
import { test } from "node:test";
import { check } from "../sync/verification.ts";
import { realsOf } from "../sync/world.ts";
import { SHARED } from "./primitive_makers.ts";

test("the shared primitives follow the model in made-up programs", async () => {
  await check(realsOf(SHARED), 1000, false);
});

test("the shared primitives follow the model while the event loop is hot", async () => {
  assert(await check(realsOf(SHARED), 200, true) > 0, "the guard of the event loop never acted");
});
