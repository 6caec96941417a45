/**
 * The errors of channels.
 *
 * @module
 */

/**
 * A value was sent to a channel that accepts no more: it was closed, failed or cancelled. The value was
 * not sent; it is still the sender's.
 *
 * @example
 * ```ts
 * import { Channel, ChannelClosedError } from "millrace";
 *
 * const jobs = new Channel<string>(1, { name: "jobs" });
 * jobs.close();
 * try {
 *   await jobs.send("sweep");
 * } catch (error) {
 *   if (!(error instanceof ChannelClosedError)) throw error;
 *   console.log(error.message, error.value); // Cannot send to a closed channel: "jobs" sweep
 * }
 * ```
 */
export class ChannelClosedError extends Error {
  /** The value that was not sent. */
  declare readonly value: unknown;

  /**
   * Made by channels.
   *
   * @param message What could not be done.
   * @param value The value that was not sent.
   * @param options The cause.
   */
  constructor(message: string, value: unknown, options?: ErrorOptions) {
    super(message, options);
    this.name = "ChannelClosedError";
    this.value = value;
  }
}
