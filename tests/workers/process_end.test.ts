import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { runProgram } from "./run_program.ts";

const PROGRAMS = new URL("./process_end.ts", import.meta.url);

const printed: Record<string, string> = {
  ended: "3\n",
  broken: "number\n",
  kept: "kept\n",
  prewarmed: "prewarmed\n",
  battered: "8 of 12\n",
  prewarming: "3\n",
  forgotten: "forgotten\n",
  stalled: "stalled\n",
  partial: "partial\n",
  starving: "starving\n",
  working: "300\n",
  abandoned: "abandoned\n",
  printing: "thread 1\nthread 2\nthread 3\n",
};

for (const [program, expected] of Object.entries(printed)) {
  test(`inWorkers() lets the process end by itself, and not before: ${program}`, async () => {
    assertEquals(await runProgram(PROGRAMS, program), expected);
  });
}
