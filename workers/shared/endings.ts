/**
 * How a channel ends, for all threads: a word that is 0 until somebody decides, then 1, or the block that holds
 * the error of `fail` or the reason of `cancel`. The first decides, by one compare-and-exchange.
 *
 * @module
 */
import type { Failure } from "../../internal/case.ts";
import { decodeError, type EncodedError, encodeError } from "../remote_error.ts";
import { codecOf } from "./codec/choice.ts";
import type { Domain } from "./domain.ts";

const NO_ERROR = 1;
/** Bytes to begin with, for an encoded error. */
const FIRST_ROOM = 1024;

/**
 * Writes how something ends.
 *
 * @param word Index of the word.
 * @returns Whether nobody else has decided before.
 */
export function writeEnding(domain: Domain, word: number, failure: Failure | undefined): boolean {
  const { atoms, words } = domain;
  if (atoms.load(words, word) !== 0) return false;
  const block = failure === undefined ? NO_ERROR : writeError(domain, failure.error);
  if (atoms.compareExchange(words, word, 0, block) === 0) {
    if (block !== NO_ERROR) domain.hold(0);
    return true;
  }
  if (block !== NO_ERROR) domain.free(block);
  return false;
}

/** The error with which something has ended, if it did with one: a new object each time. */
export function readEnding(domain: Domain, word: number): Failure | undefined {
  const block = domain.atoms.load(domain.words, word);
  if (block === 0 || block === NO_ERROR) return undefined;
  const bytes = domain.words[block >> 2]!;
  const data = codecOf<EncodedError>(domain).decode(block + 8, bytes);
  return { error: decodeError(data) };
}

/** Frees what was written. */
export function freeEnding(domain: Domain, word: number): void {
  const block = domain.atoms.exchange(domain.words, word, 0);
  if (block > NO_ERROR) domain.free(block);
}

/** Writes the error to a block, which is then in the hand of this thread. */
function writeError(domain: Domain, error: unknown): number {
  let data = encodeError(error);
  for (let room = FIRST_ROOM;;) {
    const block = domain.allocate(room);
    let bytes = 0;
    try {
      bytes = codecOf<EncodedError>(domain).encode(data, block + 8, room - 8);
    } catch { // what has no clone is told by its text
      domain.free(block);
      data = { thrown: String(error) };
      continue;
    }
    if (bytes >= 0) {
      domain.words[block >> 2] = bytes;
      domain.hold(block);
      return block;
    }
    domain.free(block);
    room = Math.max(2 * room, 8 - bytes);
  }
}
