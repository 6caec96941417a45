/**
 * Channels: the two directions, the channel in memory, and what other kinds are built on.
 *
 * @module
 */
export { type Polled, ReceiverBase, ValueIterator } from "./base.ts";
export { Channel } from "./channel.ts";
export { ChannelClosedError } from "./errors.ts";
export type { Box, Result } from "./lone_receive.ts";
export { SuppliedReceiver } from "./supplied.ts";
export { SendCase } from "./send_case.ts";
export { sendMany } from "./send_many.ts";
export type {
  ChannelIterator,
  ChannelOptions,
  Received,
  Receiver,
  Sender,
  WaitOptions,
} from "./types.ts";
