/** A value that can be told from others, and from a damaged one. */
export interface Value {
  readonly from: number;
  readonly nth: number;
  readonly bytes: Uint8Array;
}

const SHORT = 200;
const LONG = 8_000;
/** So many are short for each long one, which has no room in a slot. */
const RARE = 64;

/** The value of a sender, of any length. */
export function makeValue(from: number, nth: number): Value {
  const most = Math.random() * RARE < 1 ? LONG : SHORT;
  return { from, nth, bytes: new Uint8Array(Math.random() * most).fill(markOf(from, nth)) };
}

/** Whether its bytes are those that its sender has put there. */
export function isFrom({ from, nth, bytes }: Value): boolean {
  const mark = markOf(from, nth);
  return bytes.length === 0 || bytes.indexOf(mark) === 0 && bytes.at(-1) === mark;
}

function markOf(from: number, nth: number): number {
  return (from * 31 + nth * 7) & 255;
}
