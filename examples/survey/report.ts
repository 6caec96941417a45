/** What is printed. */
import process from "node:process";
import type { Outcome, Sums, Totals } from "./totals.ts";

/** How fast it was. */
export interface Summary {
  readonly threads: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  /** How many times faster than one thread. */
  readonly speedup: number;
  /** Whether one thread was tried; else it is computed from how long the threads have worked. */
  readonly measured: boolean;
  readonly interrupted: boolean;
}

/** Where the results go. */
export interface Report {
  file(outcome: Outcome): Promise<void> | void;
  end(totals: Totals, summary: Summary): Promise<void>;
}

/** Writes to the standard output; waits while its reader is slow. */
export async function print(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise((resolve) => process.stdout.once("drain", resolve));
}

/** JSON, written as it grows: no list of all files is ever in memory. */
export function jsonReport(): Report {
  let separator = '{"files":[\n';
  let over = false;
  return {
    file(outcome) {
      if (over) return; // after an interrupt the walk may still meet something that it cannot read
      const text = separator + JSON.stringify(outcome);
      separator = ",\n";
      return print(text);
    },
    end({ all, unreadable, skipped, extensions, largest }, summary) {
      over = true;
      const totals = { ...all, unreadable, skipped };
      const rest = { totals, extensions: Object.fromEntries(extensions), largest, ...summary };
      const begin = separator === ",\n" ? "" : separator;
      return print(`${begin}\n],\n${JSON.stringify(rest, null, 2).slice(2)}\n`);
    },
  };
}

/** Tables for people; what cannot be read goes to the standard error. */
export function textReport(): Report {
  return {
    file({ path, error }) {
      if (error !== undefined) process.stderr.write(`survey: ${path}: ${error}\n`);
    },
    end: (totals, summary) => print(`${tables(totals)}\n${sentences(totals, summary)}`),
  };
}

const { format } = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

function tables({ all, extensions, largest }: Totals): string {
  const rows = [...extensions].sort(([, a], [, b]) => b.bytes - a.bytes);
  const cells = ([name, { files, bytes, lines, deflated }]: [string, Sums]) => {
    const percent = bytes === 0 ? "" : (100 * deflated / bytes).toFixed(1);
    return [name, ...[files, bytes, lines, deflated].map(format), percent];
  };
  const head = ["extension", "files", "bytes", "lines", "deflated", "%"];
  const files = largest.map((
    { path, bytes, sha256 },
  ) => [sha256.slice(0, 12), format(bytes), path]);
  return align([head, ...rows.map(cells), cells(["all", all])]) + "\n" +
    align([["sha256", "bytes", ""], ...files]);
}

/** Columns: the first one and paths to the left, numbers to the right. */
function align(rows: string[][]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const pad = (cell: string, i: number) =>
    i === 0 || cell.includes("/") ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd() + "\n").join("");
}

function sentences({ all, unreadable, skipped }: Totals, summary: Summary): string {
  const { threads, seconds, filesPerSecond, speedup, measured, interrupted } = summary;
  const how = measured ? "measured" : "estimated from the time that the threads have worked";
  return (interrupted ? "Interrupted: this is what was done so far.\n" : "") +
    `${format(all.files)} files in ${format(seconds)} s, ${format(filesPerSecond)} files/s; ` +
    `${unreadable} unreadable, ${skipped} skipped (links and the like)\n` +
    `${threads} threads: ${format(speedup)} times as fast as one (${how})\n`;
}

/** A line on the terminal that rewrites itself; nothing where there is no terminal. */
export class Progress {
  readonly #began: number = performance.now();
  #shown = 0;

  show({ all }: Totals, path: string): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shown < 100) return;
    this.#shown = now;
    const rate = Math.round(all.files * 1_000 / (now - this.#began));
    const line = `${format(all.files)} files, ${format(rate)} files/s  ${path}`;
    process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}
