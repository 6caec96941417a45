import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { runProgram } from "./run_program.ts";

const PROGRAMS = new URL("./spawn_programs.ts", import.meta.url);

const printed: Record<string, string> = {
  ended: "1\n",
  working: "printed\n",
  daemon: "daemon\n",
  cancelled: "cancelled\n",
  nested: "20\n",
};

for (const [program, expected] of Object.entries(printed)) {
  test(`spawn() lets the process end by itself, and not before: ${program}`, async () => {
    assertEquals(await runProgram(PROGRAMS, program), expected);
  });
}
