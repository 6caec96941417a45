/**
 * Channels: the two directions, the channel in memory, and what other kinds are built on.
 *
 * @module
 */
export { ReceiverBase } from "./base.ts";
export { Channel } from "./channel.ts";
export { ChannelClosedError } from "./errors.ts";
export type { SendCase } from "./send_case.ts";
export type {
  ChannelIterator,
  ChannelOptions,
  Received,
  Receiver,
  Sender,
  WaitOptions,
} from "./types.ts";
