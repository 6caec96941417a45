import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { runProgram } from "../workers/run_program.ts";

const PROGRAMS = new URL("./process_end.ts", import.meta.url);

test("SharedChannel lets the process end when nothing waits, or only what was unref'd", async () => {
  assertEquals(await runProgram(PROGRAMS, "lost"), "end of the program\n");
});

test("SharedChannel holds the process while an operation waits", async () => {
  assertEquals(await runProgram(PROGRAMS, "awaited"), "2\ntrue\n");
});

test("SharedChannel looks at its bell now and then where Atomics.waitAsync is missing", async () => {
  const program = new URL("./polling.ts", import.meta.url);

  assertEquals(await runProgram(program, ""), "20 true\n");
});
