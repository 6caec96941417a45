/** What the threads do: read a piece of a file, hash it, count its lines, deflate it. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { deflateSync } from "node:zlib";

/** The most that is in memory at once. Larger files are shared out among the threads in pieces. */
export const PIECE: number = 4 * 2 ** 20;

/** A piece of a file. */
export interface Piece {
  readonly path: string;
  /** Where it begins; undefined for the task to hash all of a large file. */
  readonly start: number | undefined;
  /** How many tasks there are for the file. */
  readonly tasks: number;
}

/** What was found in it. */
export interface Print {
  readonly path: string;
  readonly tasks: number;
  readonly bytes: number;
  readonly lines: number;
  readonly deflated: number;
  readonly sha256: string;
  /** The code of the error, if it could not be read. */
  readonly error?: string;
  /** How long it took, in ms. */
  readonly busy: number;
}

const NOTHING = { bytes: 0, lines: 0, deflated: 0, sha256: "" };
const buffer = new Uint8Array(PIECE);

export default function fingerprint({ path, start, tasks }: Piece): Print {
  const began = performance.now();
  let found: Partial<Print>;
  try {
    const file = openSync(path, "r");
    try {
      found = start === undefined ? { sha256: hash(file) } : measure(file, start, tasks === 1);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    found = { error: (error as { code?: string }).code ?? String(error) };
  }
  return { path, tasks, ...NOTHING, ...found, busy: performance.now() - began };
}

/** Hashes a whole file, piece by piece. */
function hash(file: number): string {
  const sha256 = createHash("sha256");
  for (let at = 0, bytes = read(file, 0); bytes.length > 0; bytes = read(file, at)) {
    sha256.update(bytes);
    at += bytes.length;
  }
  return sha256.digest("hex");
}

function measure(file: number, start: number, whole: boolean): Partial<Print> {
  const bytes = read(file, start);
  const sha256 = whole ? createHash("sha256").update(bytes).digest("hex") : "";
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return { bytes: bytes.length, lines, deflated: deflateSync(bytes).length, sha256 };
}

/** Reads a piece, or less at the end of the file. */
function read(file: number, position: number): Uint8Array {
  let length = 0;
  for (let n = -1; n !== 0 && length < PIECE; length += n) {
    n = readSync(file, buffer, length, PIECE - length, position + length);
  }
  return buffer.subarray(0, length);
}
