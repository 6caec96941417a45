/** Functions that move buffers, for the tests of worker stages. */
import { transfer } from "./millrace.ts";

/** Gives back the bytes, each one more, by moving. */
export default function increment(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) + 1;
  return transfer(bytes, [bytes.buffer]);
}

let last: Uint8Array<ArrayBuffer> | undefined;

/** Moves what it makes, and tells the length of what it has moved the time before: 0, as it is gone. */
export function makeAndRemember(size: number): { made: Uint8Array<ArrayBuffer>; before: number } {
  const before = last?.byteLength ?? -1;
  const made = new Uint8Array(size);
  last = made;
  return transfer({ made, before }, [made.buffer]);
}

/** Moves what it makes, and with some sizes something that cannot be cloned. */
export function makeWithFunction(size: number): { made: Uint8Array<ArrayBuffer> } {
  const made = new Uint8Array(size);
  return transfer(size % 10 === 5 ? { made, show() {} } : { made }, [made.buffer]);
}
