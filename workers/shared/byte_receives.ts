/**
 * Receives of byte arrays that make no new array.
 *
 * @module
 */
import { ended } from "../../channel/base.ts";
import type { Received, WaitOptions } from "../../channel/types.ts";
import { type Case, EMPTY, END } from "../../internal/case.ts";
import { show } from "../../internal/checks.ts";
import { paced, refused } from "../../internal/pace.ts";
import { isAborted, limit } from "../../internal/wait.ts";
import { asReceived, Waiter } from "../../internal/waiter.ts";
import { Loan } from "./loan.ts";
import type { Span } from "./records.ts";
import type { AnyEnd, Read } from "./shared_end.ts";

/** Receives by `read` instead of the codec. */
export function receiveBy<R>(
  end: AnyEnd,
  owner: Case,
  read: Read,
  options: WaitOptions | undefined,
): Promise<Received<R>> {
  if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
  let value: unknown;
  try {
    value = end.take(read);
  } catch (error) {
    return refused(error);
  }
  if (value === END) return ended(owner, { done: true, value: undefined });
  if (value !== EMPTY) {
    const result: Received<R> = { done: false, value: value as R };
    return paced(Promise.resolve(result), result);
  }
  const waiter = new Waiter(asReceived);
  waiter.value = read;
  end.receivers.park(waiter);
  const promise = options === undefined ? waiter.promise : limit(waiter, options);
  end.receivers.serve();
  return promise as Promise<Received<R>>;
}

/** Copies the bytes into `buffer`; answers how many they are. */
export function copyInto(end: AnyEnd, buffer: Uint8Array): Read {
  return (header) => {
    const { from, length } = spanOf(end, header);
    const { bytes } = end.domain;
    if (length > buffer.length) {
      const copy = bytes.slice(from, from + length);
      end.records.discard(header);
      throw withValue(
        new RangeError(`buffer must have room for ${length} bytes: ${buffer.length}`),
        copy,
      );
    }
    buffer.set(bytes.subarray(from, from + length));
    end.records.discard(header);
    return length;
  };
}

/** Leaves the bytes where they are, if they are in a block. */
export function borrow(end: AnyEnd): Read {
  return (header) => {
    const { from, length, block } = spanOf(end, header);
    const { bytes } = end.domain;
    if (block === undefined) return new Loan(end, undefined, bytes.slice(from, from + length));
    end.domain.hold(0);
    return new Loan(end, block, bytes.subarray(from, from + length));
  };
}

function spanOf(end: AnyEnd, header: number): Span {
  const span = end.records.span(header);
  if (span !== undefined) return span;
  const value: unknown = end.records.read(header);
  throw withValue(new TypeError(`Cannot receive bytes: ${show(value)} was sent`), value);
}

/** The value was taken: it must not be lost with the error. */
export function withValue(error: Error, value: unknown): Error {
  return Object.assign(error, { value });
}
