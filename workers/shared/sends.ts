/**
 * Sends that have to wait.
 *
 * @module
 */
import type { WaitOptions } from "../../channel/types.ts";
import { paced, refused } from "../../internal/pace.ts";
import { isAborted, limit } from "../../internal/wait.ts";
import { lingerForRoom } from "./blocking.ts";
import type { Cargo } from "./records.ts";
import type { AnyEnd, SharedEnd } from "./shared_end.ts";

/** A send has nothing to report, so all can share one promise. */
export const SENT: Promise<void> = Promise.resolve();

/**
 * Sends, if that needs no waiting, or only so little that a wake would cost more.
 *
 * @returns Undefined if it is done; what is to be parked otherwise.
 * @throws {ChannelClosedError} If the channel is closed.
 */
export function give<T>(end: SharedEnd<T>, value: T): Cargo | undefined {
  const header = end.offer(value);
  if (header < 0 || lingerForRoom(end) && end.offerAgain(value, header)) return undefined;
  return end.records.keep(value, header);
}

/** Parks a send, within limits. */
export function parkSend(
  end: AnyEnd,
  cargo: Cargo,
  options: WaitOptions | undefined,
): Promise<void> {
  const waiter = end.parkSend(cargo);
  const promise = options === undefined ? waiter.promise : limit(waiter, options);
  end.senders.serve();
  return promise as Promise<void>;
}

/** Sends what is in a block already. */
export function sendBlock(
  end: AnyEnd,
  cargo: Cargo,
  options: WaitOptions | undefined,
): Promise<void> {
  if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
  try {
    if (end.giveBlock(cargo)) return paced(SENT, undefined);
  } catch (error) {
    return refused(error);
  }
  return parkSend(end, cargo, options);
}
