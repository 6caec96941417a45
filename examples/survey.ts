/**
 * Takes the fingerprint of every file below a directory: SHA-256, lines, bytes, deflated size.
 *
 * The whole idea of the library in one job. An async generator walks the tree; a bounded channel carries
 * what it finds; a stage in worker threads reads and computes; one loop adds up. Watch the memory:
 * however large the tree, no step runs ahead of the next by more than its bound.
 *
 *     npm start -- [directory]
 *     deno run -R examples/survey.ts [directory]
 */
import process from "node:process";
import { from, pipe } from "../mod.ts";
import { inWorkers } from "../workers/mod.ts";
import { HELP, type Options, readOptions } from "./survey/options.ts";
import { jsonReport, print, Progress, type Report, textReport } from "./survey/report.ts";
import { Totals } from "./survey/totals.ts";
import { walk } from "./survey/walk.ts";

// The compiler does not rewrite addresses: this file and that one have the same extension.
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const fingerprint = new URL(`./survey/fingerprint.${extension}`, import.meta.url);

/** Walks, computes, adds up. */
async function survey(
  directory: string,
  threads: number,
  signal: AbortSignal,
  report: Report["file"],
): Promise<Totals> {
  const totals = new Totals();
  const progress = new Progress();
  const pieces = walk(directory, {
    unreadable: (path, error) => {
      totals.unreadable++;
      void report({ path, bytes: 0, lines: 0, deflated: 0, sha256: "", error });
    },
    skipped: () => totals.skipped++,
  });
  const prints = pipe(
    from(pieces, { capacity: 256 }),
    inWorkers<typeof import("./survey/fingerprint.ts").default>(fingerprint, { threads, signal }),
  );
  try {
    for await (const each of prints) {
      const file = totals.add(each);
      if (file !== undefined) await report(file);
      progress.show(totals, each.path);
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    progress.clear();
  }
  return totals;
}

/** Does what the user wants. Answers with the exit code. */
async function run({ directory, threads, compare, json }: Options): Promise<number> {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  process.once("SIGINT", () => interrupt.abort(new Error("Interrupted")));
  const report = json ? jsonReport() : textReport();
  const began = performance.now();
  const totals = await survey(directory, threads, signal, report.file);
  const seconds = (performance.now() - began) / 1_000;
  // One thread would take as long as all threads have worked, unless they have slowed each other down;
  // but not less than now, when they have waited for the walk.
  const estimate = Math.max(totals.busy / 1_000, seconds);
  const again = performance.now();
  if (compare && !signal.aborted) await survey(directory, 1, signal, () => {});
  const measured = compare && !signal.aborted;
  const alone = measured ? (performance.now() - again) / 1_000 : estimate;
  await report.end(totals, {
    threads,
    seconds,
    filesPerSecond: totals.all.files / seconds,
    speedup: alone / seconds,
    measured,
    interrupted: signal.aborted,
  });
  return signal.aborted ? 130 : 0;
}

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = await readOptions(args);
  } catch (error) {
    process.stderr.write(`survey: ${(error as Error).message}\n`);
    return 2;
  }
  // Whoever reads has gone: nothing is left to do.
  process.stdout.once("error", () => process.exit(1));
  if (!options.help) return await run(options);
  await print(HELP);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
