/**
 * The shipped core, in every order of its accesses to shared memory that has few interruptions. All orders, and
 * larger programs: `node tests/shared/explorer/large.mjs`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { MUTANTS } from "./explorer/mistakes.ts";
import { explore, replay, search } from "./explorer/explore.ts";
import { type Cast, CASTS, program } from "./explorer/programs.ts";
import { loadMistaken, loadShipped } from "./explorer/shipped.ts";

/** How often a thread may be interrupted that could have gone on. */
const INTERRUPTS = 2;

const shipped = await loadShipped();
for (const [name, cast] of Object.entries<Cast>(CASTS)) {
  test(`AtomicsCore is right in every order of steps: ${name}`, () => {
    const it = program(shipped, name, cast);
    const { violation, schedule } = explore(it, { interrupts: cast.interrupts ?? INTERRUPTS });
    assertEquals(violation && replay(it, schedule), undefined, `schedule: ${schedule.join()}`);
  });
}

for (const mutant of MUTANTS) {
  if (mutant.program === undefined || !(mutant.program in CASTS)) continue;
  test(`explore() finds the mistake: ${mutant.what}`, async () => {
    const cast = CASTS[mutant.program as keyof typeof CASTS];
    const it = program(await loadMistaken(mutant), mutant.what, cast);
    const { violation } = search(it, { interrupts: mutant.interrupts ?? INTERRUPTS });
    assert(violation !== undefined, "nothing was found");
  });
}
