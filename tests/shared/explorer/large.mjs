// All orders of steps of the explorer's programs, and larger programs than the tests have: minutes.
//
//   node --import ./tests/fast_typescript.mjs tests/shared/explorer/large.mjs              with up to 3 interruptions
//   node --import ./tests/fast_typescript.mjs tests/shared/explorer/large.mjs 4 'one value'   up to 4, of those with the words
import process from "node:process";
import {
  END_CASTS,
  endProgram,
  LARGE_END_CASTS,
  lookProgram,
  selectProgram,
} from "./end_programs.ts";
import { explore, replay } from "./explore.ts";
import { BATCH_CASTS, batchProgram } from "./batches.ts";
import { CASTS, program } from "./programs.ts";
import { loadEnds, loadShipped } from "./shipped.ts";
import { loadWat } from "./wat.ts";

/** A Float64Array of hashes: 16 bytes a state and more while it grows. */
const MOST_STATES = 60_000_000;

const [most = "3", words = ""] = process.argv.slice(2);
const shipped = await loadShipped();
const wat = await loadWat();
const ends = await loadEnds();
const programs = [
  ...Object.entries(CASTS).map(([name, cast]) => program(shipped, name, cast)),
  ...Object.entries(CASTS).map(([name, cast]) => program(wat, `ring.wat: ${name}`, cast)),
  ...Object.entries(BATCH_CASTS).flatMap(([name, cast]) => [
    batchProgram(shipped, name, cast),
    batchProgram(wat, `ring.wat: ${name}`, cast),
  ]),
  ...Object.entries({ ...END_CASTS, ...LARGE_END_CASTS })
    .map(([name, cast]) => endProgram(ends, name, cast)),
  ...["async", "sync"].map((way) => selectProgram(ends, way)),
  ...["readable", "writable"].map((what) => lookProgram(ends, what)),
].filter(({ name }) => name.includes(words));

for (const it of programs) {
  for (let interrupts = 0; interrupts <= Number(most); interrupts++) {
    const start = performance.now();
    let found;
    try {
      found = explore(it, { interrupts, states: MOST_STATES });
    } catch (error) {
      console.log(`${it.name}, ${interrupts} interruptions: gave up: ${error.message}`);
      break;
    }
    const { states, violation, schedule } = found;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${it.name}, ${interrupts} interruptions: ${states} states, ${seconds} s`);
    if (violation === undefined) continue;
    console.log(`${replay(it, schedule).join("\n")}\nschedule: ${schedule.join()}`);
    process.exitCode = 1;
    break;
  }
}
