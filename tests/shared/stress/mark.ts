/**
 * Values of any size that can be told from others, from damaged ones, and from ones that must not come.
 *
 * @module
 */

/** What has become of a value, as its sender sees it. */
export const UNKNOWN = 0, SENT = 1, REFUSED = 2;

/** What is known of all values: a byte each, for what their senders and their receivers say. */
export interface Ledger {
  readonly said: Uint8Array;
  readonly seen: Uint8Array;
  /** One word: how many have come. */
  readonly come: Int32Array;
  /** How many values a sender may send. */
  readonly each: number;
}

/** A ledger for so many senders, which all threads share. */
export function makeLedger(senders: number, each: number): Ledger {
  const bytes = () => new Uint8Array(new SharedArrayBuffer(senders * each));
  return { said: bytes(), seen: bytes(), come: new Int32Array(new SharedArrayBuffer(4)), each };
}

const HEAD = 8;
/** In a slot; in a block; in a large block. */
const SIZES = [0, 30, 100, 400, 3_000, 40_000];

/** A size as values have it: short ones most often. */
export function anySize(): number {
  return HEAD + Math.floor(Math.random() * SIZES[Math.floor(Math.random() ** 3 * SIZES.length)]!);
}

/** Writes the value of a sender. */
export function fillMark(bytes: Uint8Array, from: number, nth: number): Uint8Array {
  bytes.fill((from * 31 + nth * 7) & 255);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(0, from);
  view.setUint32(4, nth);
  return bytes;
}

/** Enters into the ledger that a value has come. Answers what is wrong with it. */
export function checkMark(bytes: Uint8Array, { seen, come, each }: Ledger): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [from, nth] = [view.getUint32(0), view.getUint32(4)];
  const mark = (from * 31 + nth * 7) & 255;
  for (let i = HEAD; i < bytes.length; i++) {
    if (bytes[i] !== mark) return `${from}/${nth} is damaged at byte ${i} of ${bytes.length}`;
  }
  Atomics.add(come, 0, 1);
  const before = Atomics.add(seen, from * each + nth, 1);
  return before === 0 ? undefined : `${from}/${nth} has come ${before + 1} times`;
}

/** What is wrong with a ledger once all has come. */
export function mistakes(
  { said, seen }: Ledger,
): { lost: number[]; doubled: number[]; refused: number[] } {
  const wrong = { lost: [] as number[], doubled: [] as number[], refused: [] as number[] };
  for (const [value, times] of seen.entries()) {
    if (times > 1) wrong.doubled.push(value);
    if (said[value] === SENT && times === 0) wrong.lost.push(value);
    if (said[value] === REFUSED && times > 0) wrong.refused.push(value);
  }
  return wrong;
}
