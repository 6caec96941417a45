import { test } from "node:test";
import { check } from "./check.ts";
import { scheduleText } from "./explorer.ts";
import { short } from "./generate.ts";
import { verify } from "./verify.ts";

test("Channel and select follow the model in made-up programs", async () => {
  await check(short, 8000, verify, scheduleText);
});
