/**
 * Whole channels, with their queues and pumps, in every order of their accesses to shared memory that has few
 * interruptions.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { MUTANTS } from "./explorer/mistakes.ts";
import { END_CASTS, type EndCast, endProgram, selectProgram } from "./explorer/end_programs.ts";
import { explore, replay, search } from "./explorer/explore.ts";
import { loadEnds } from "./explorer/shipped.ts";

const INTERRUPTS = 2;

const shipped = await loadEnds();
for (const [name, cast] of Object.entries<EndCast>(END_CASTS)) {
  test(`SharedEnd is right in every order of steps: ${name}`, () => {
    const it = endProgram(shipped, name, cast);
    const { violation, schedule } = explore(it, { interrupts: cast.interrupts ?? INTERRUPTS });
    assertEquals(violation && replay(it, schedule), undefined, `schedule: ${schedule.join()}`);
  });
}

const others = [
  selectProgram(shipped, "async"),
  selectProgram(shipped, "sync"),
];
for (const it of others) {
  test(`SharedEnd is right in every order of steps: ${it.name}`, () => {
    const { violation, schedule } = explore(it, { interrupts: 1 });
    assertEquals(violation && replay(it, schedule), undefined, `schedule: ${schedule.join()}`);
  });
}

for (const mutant of MUTANTS) {
  const { what, program, interrupts = INTERRUPTS } = mutant;
  if (program === undefined || !(program in END_CASTS)) continue;
  test(`explore() finds the mistake: ${what}`, async () => {
    const cast = END_CASTS[program as keyof typeof END_CASTS];
    const { violation } = search(endProgram(await loadEnds(mutant), what, cast), { interrupts });
    assert(violation !== undefined, "nothing was found");
  });
}
