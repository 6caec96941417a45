// The prime factors of large numbers, on all cores, in the order of the input.
//
// Watch for: the loop looks as if everything happened here. `ordered` puts the results back in line, and a
// number that takes long holds up no more than the window behind it. Ctrl-C ends the threads, then the loop.
//
//     deno run -R examples/classics/prime_factors.ts [first] [count]
import process from "node:process";
import { pipe } from "../../mod.ts";
import { inWorkers } from "../../workers/mod.ts";
import type factorise from "./threads/factorise.ts";

const module = new URL("./threads/factorise.ts", import.meta.url);

const [first = 10 ** 12, count = 8] = process.argv.slice(2);

function* numbers(): Generator<bigint> {
  for (let n = 0n; n < BigInt(count); n++) yield BigInt(first) + n;
}

const interrupt = new AbortController();
const { signal } = interrupt;
process.once("SIGINT", () => interrupt.abort());

const factors = pipe(numbers(), inWorkers<typeof factorise>(module, { ordered: true, signal }));
try {
  for await (const { n, primes } of factors) console.log(`${n} = ${primes.join(" * ")}`);
} catch (error) {
  if (!signal.aborted) throw error;
  console.log("interrupted");
  process.exitCode = 130;
}

// Output:
// 1000000000000 = 2 * 2 * 2 * 2 * 2 * 2 * 2 * 2 * 2 * 2 * 2 * 2 * 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5
// 1000000000001 = 73 * 137 * 99990001
// 1000000000002 = 2 * 3 * 166666666667
// 1000000000003 = 61 * 14221 * 1152763
// 1000000000004 = 2 * 2 * 17 * 149 * 197 * 501001
// 1000000000005 = 3 * 5 * 66666666667
// 1000000000006 = 2 * 7 * 607 * 117674747
// 1000000000007 = 34519 * 28969553
