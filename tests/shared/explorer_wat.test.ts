/**
 * The core in WebAssembly, in every order of its accesses to shared memory that has few interruptions: the text of
 * ring.wat, in which each access is a call.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { BATCH_CASTS, batchProgram } from "./explorer/batches.ts";
import { explore, replay, search } from "./explorer/explore.ts";
import type { Program } from "./explorer/program.ts";
import { type Cast, CASTS, program } from "./explorer/programs.ts";
import { loadShipped, type Shipped } from "./explorer/shipped.ts";
import { loadWat } from "./explorer/wat.ts";
import { WAT_MISTAKES } from "./explorer/wat_mistakes.ts";

/** How often a thread may be interrupted that could have gone on; large.mjs goes further. */
const INTERRUPTS = 2;
const IN_CROWDS = 1;
/** The same for a batch of AtomicsCore: it is one value after the other, which explorer.test.ts has with two. */
const ONE_BY_ONE = 1;
const MOST_ORDERS = "two batches of eight, of which a receiver takes seven";

const casts: Readonly<Record<string, Cast>> = { ...CASTS, ...BATCH_CASTS };

function programOf(shipped: Shipped, name: string): Program {
  return name in BATCH_CASTS
    ? batchProgram(shipped, name, casts[name]!)
    : program(shipped, name, casts[name]!);
}

function interruptsOf({ receivers, interrupts }: Cast): number {
  return interrupts ?? (receivers.length > 1 ? IN_CROWDS : INTERRUPTS);
}

function assertRight(it: Program, interrupts: number): void {
  const { violation, schedule } = explore(it, { interrupts });
  assertEquals(violation && replay(it, schedule), undefined, `schedule: ${schedule.join()}`);
}

const wat = await loadWat();
for (const [name, cast] of Object.entries(casts)) {
  test(`ring.wat is right in every order of steps: ${name}`, () => {
    assertRight(programOf(wat, name), interruptsOf(cast));
  });
}

const shipped = await loadShipped();
for (const name of Object.keys(BATCH_CASTS)) {
  test(`AtomicsCore is right in every order of steps: ${name}`, () => {
    assertRight(programOf(shipped, name), name === MOST_ORDERS ? 0 : ONE_BY_ONE);
  });
}

for (const mistake of WAT_MISTAKES) {
  test(`explore() finds the mistake in ring.wat: ${mistake.what}`, async () => {
    const it = programOf(await loadWat(mistake), mistake.program);
    const { violation } = search(it, mistake);
    assert(violation !== undefined, "nothing was found");
  });
}
