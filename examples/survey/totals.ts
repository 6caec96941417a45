/** Puts pieces together and adds up. Its size depends on the kinds of files, not on their number. */
import { extname } from "node:path";
import type { Print } from "./fingerprint.ts";

/** Sums over files. */
export interface Sums {
  files: number;
  bytes: number;
  lines: number;
  deflated: number;
}

/** A file that is done, or could not be read. */
export interface Outcome {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly deflated: number;
  readonly sha256: string;
  readonly error?: string | undefined;
}

export class Totals {
  readonly all: Sums = { files: 0, bytes: 0, lines: 0, deflated: 0 };
  readonly extensions: Map<string, Sums> = new Map();
  /** The ten largest files. */
  readonly largest: Outcome[] = [];
  unreadable = 0;
  skipped = 0;
  /** Milliseconds that all threads together have worked. */
  busy = 0;
  /** Large files of which some pieces are still being read. */
  readonly #open = new Map<string, Print[]>();

  /** Adds a piece. Answers with its file, if that was the last of it. */
  add(print: Print): Outcome | undefined {
    const { path, tasks } = print;
    const prints = [...this.#open.get(path) ?? [], print];
    this.busy += print.busy;
    if (prints.length < tasks) return void this.#open.set(path, prints);
    this.#open.delete(path);
    const error = prints.find((each) => each.error)?.error;
    const sum = (key: "bytes" | "lines" | "deflated") =>
      prints.reduce((n, each) => n + each[key], 0);
    const sizes = { bytes: sum("bytes"), lines: sum("lines"), deflated: sum("deflated") };
    const file = { path, ...sizes, sha256: prints.map(({ sha256 }) => sha256).join(""), error };
    if (error === undefined) this.#count(file);
    else this.unreadable++;
    return file;
  }

  #count(file: Outcome): void {
    const extension = extname(file.path).toLowerCase() || "(none)";
    const own = this.extensions.get(extension) ?? { files: 0, bytes: 0, lines: 0, deflated: 0 };
    this.extensions.set(extension, own);
    for (const sums of [this.all, own]) {
      sums.files++;
      sums.bytes += file.bytes;
      sums.lines += file.lines;
      sums.deflated += file.deflated;
    }
    this.largest.push(file);
    this.largest.sort((a, b) => b.bytes - a.bytes).splice(10);
  }
}
