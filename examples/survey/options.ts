/** The command line. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export const HELP = `Usage: survey [options] [directory]    (default: node_modules)
  --threads N  how many threads work (default: one a core)
  --compare    does it again with one thread, to measure the speed-up
  --json       prints JSON: each file as it is done, then the totals
  --help       prints this
`;

/** What the user wants. */
export interface Options {
  readonly directory: string;
  readonly threads: number;
  readonly compare: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the command line. Rejects with an error whose message is one line for the user. */
export async function readOptions(args: string[]): Promise<Options> {
  const flag = { type: "boolean", default: false } as const;
  const options = { threads: { type: "string" }, compare: flag, json: flag, help: flag } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { threads, ...flags } = values;
  const [directory = "node_modules", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one directory, please: ${positionals.join(" ")}`);
  if (threads !== undefined && !/^[1-9]\d{0,2}$/.test(threads)) {
    throw new Error(`--threads must be a number from 1 to 999: ${threads}`);
  }
  if (!flags.help && !(await stat(directory).catch(() => undefined))?.isDirectory()) {
    throw new Error(`no such directory: ${directory}`);
  }
  return { directory, threads: Number(threads ?? cores()), ...flags };
}

function cores(): number {
  // Node 20 has no navigator; on Deno the other way needs a permission.
  return globalThis.navigator?.hardwareConcurrency ?? availableParallelism();
}
