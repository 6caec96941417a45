/**
 * The far end of all the bridged channels of one thread.
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import { timeoutError } from "../internal/alarm.ts";
import {
  type ChannelData,
  ENDED,
  NONE,
  READY_NOW,
  REFUSED,
  RELEASE,
  SENT,
  STATE,
  VALUES,
  WITHDRAWN,
} from "./bridge_wire.ts";
import type { Outbox } from "./outbox.ts";
import { PortChannel } from "./port_channel.ts";
import type { Line } from "./port_slot.ts";
import { decodeError, type EncodedError } from "./remote_error.ts";

/** Why a send was refused. */
export type Refusal =
  /** The channel is closed; `cause` is the reason of `cancel`. */
  | { readonly closed: true; readonly cause: EncodedError | undefined }
  | { readonly closed: false; readonly error: EncodedError };

/** Hears the answers, and tells them to the channels. */
export class FarBridge implements Line {
  readonly out: Outbox;
  readonly #channels = new Map<number, PortChannel<unknown>>();
  /** How often each has come. */
  readonly #times = new Map<number, number>();
  #last = 0;

  constructor(out: Outbox) {
    this.out = out;
  }

  next(): number {
    return ++this.#last;
  }

  /** The far end of a channel; of the same channel the same. */
  open(data: ChannelData): PortChannel<unknown> {
    const { number } = data, known = this.#channels.get(number);
    this.#times.set(number, (this.#times.get(number) ?? 0) + 1);
    if (known !== undefined) return known;
    const channel = new PortChannel<unknown>(this, data);
    this.#channels.set(number, channel);
    return channel;
  }

  /** The number of a channel that came from the near end. */
  numberOf(channel: object): number | undefined {
    if (!(channel instanceof PortChannel)) return undefined;
    return this.#channels.get(channel.number) === channel ? channel.number : undefined;
  }

  release(number: number): void {
    if (!this.#channels.delete(number)) return;
    this.out.put(RELEASE, number, this.#times.get(number)!);
    this.#times.delete(number);
  }

  /** Takes a word of the near end. */
  hear(code: number, number: number, id: number, item: unknown): void {
    const channel = this.#channels.get(number);
    if (channel !== undefined) hear(channel, code, id, item);
  }

  /** Every operation that waits rejects with `error`, and every later one. */
  stop(error: unknown): void {
    for (const channel of this.#channels.values()) channel.stop(error);
  }
}

function hear(channel: PortChannel<unknown>, code: number, id: number, item: unknown): void {
  switch (code) {
    case VALUES:
      return channel.values(id, item as unknown[]);
    case ENDED:
      return channel.ended(id, failureOf(item as EncodedError | undefined));
    case NONE:
      return channel.refuse(id, timeoutError());
    case SENT:
      return channel.sent(id);
    case REFUSED:
      return refuse(channel, id, item as Refusal);
    case WITHDRAWN:
      return channel.withdrawn(id);
    case READY_NOW:
      return channel.offerReady(id);
    case STATE:
      return channel.state(id, item as boolean);
  }
}

function refuse(channel: PortChannel<unknown>, id: number, refusal: Refusal): void {
  if (refusal.closed) channel.refuseClosed(id, failureOf(refusal.cause));
  else channel.refuse(id, decodeError(refusal.error));
}

function failureOf(error: EncodedError | undefined): Failure | undefined {
  return error === undefined ? undefined : { error: decodeError(error) };
}
