import { test } from "node:test";
import { explore } from "./explorer.ts";
import { programs } from "./programs.ts";

for (const program of programs) {
  test(`Channel and select follow the model in every order of ${program.name}`, async () => {
    await explore(program);
  });
}
