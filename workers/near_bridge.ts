/**
 * The near end of all the channels that were given to one thread.
 *
 * @module
 */
import { PARTS } from "../internal/case.ts";
import {
  BACK,
  CANCEL,
  type ChannelData,
  CLAIM,
  CLOSE,
  FAIL,
  HALT,
  HOLD,
  OFFER,
  RECV,
  RELEASE,
  SEND,
  TAKEN,
  TRY_RECV,
  TRY_SEND,
  WITHDRAW,
} from "./bridge_wire.ts";
import { type BridgedChannel, NearChannel } from "./near_channel.ts";
import type { Outbox } from "./outbox.ts";
import { PortChannel } from "./port_channel.ts";
import { decodeError, type EncodedError } from "./remote_error.ts";
import { ChannelTap, type Tap, type TappedChannel } from "./tap.ts";

/** Whether `value` is a channel that can be given to another thread. */
export function isBridgeable(value: unknown): value is BridgedChannel {
  return typeof value === "object" && value !== null &&
    (PARTS in value || value instanceof PortChannel);
}

/** What was given to this thread is passed on. */
function tapOf(channel: BridgedChannel): Tap {
  if (channel instanceof PortChannel) return channel;
  return ChannelTap.of(channel as unknown as TappedChannel);
}

/** Hears what the far thread asks for, and tells it to the channels. */
export class NearBridge {
  readonly #out: Outbox;
  readonly #ends = new Map<BridgedChannel, NearChannel>();
  readonly #byNumber = new Map<number, NearChannel>();
  #last = 0;

  constructor(out: Outbox) {
    this.#out = out;
  }

  /** Gives a channel to the far thread; one that it has got already is the same there. */
  add(channel: BridgedChannel): ChannelData {
    let end = this.#ends.get(channel);
    if (end === undefined) {
      const number = ++this.#last;
      end = new NearChannel(channel, tapOf(channel), number, this.#out);
      this.#ends.set(channel, end);
      this.#byNumber.set(number, end);
    }
    return end.give();
  }

  /** The channel that the far thread was given by this number. */
  channel(number: number): BridgedChannel | undefined {
    return this.#byNumber.get(number)?.channel;
  }

  /** Tells what has changed. */
  putStates(): void {
    for (const end of this.#byNumber.values()) end.putState();
  }

  /** Takes a word of the far end. */
  hear(code: number, number: number, id: number, item: unknown): void {
    const end = this.#byNumber.get(number);
    if (end === undefined) return;
    try {
      if (code === RELEASE) this.#release(number, end, id);
      else hear(end, code, id, item);
    } catch (error) {
      // Of an `onDrop`. The other words are not to suffer, and it must not vanish.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /**
   * The far thread is gone.
   *
   * @param alive Whether it has ended as it should: then what it has sent is still delivered.
   */
  dispose(alive: boolean): void {
    for (const end of this.#byNumber.values()) end.dispose(alive);
    this.#byNumber.clear();
    this.#ends.clear();
  }

  #release(number: number, end: NearChannel, times: number): void {
    if (!end.forgotten(times)) return;
    this.#byNumber.delete(number);
    this.#ends.delete(end.channel);
    end.dispose(true);
  }
}

function hear(channel: NearChannel, code: number, id: number, item: unknown): void {
  switch (code) {
    case RECV:
    case TRY_RECV:
      return channel.receive(id, item as number, code === TRY_RECV);
    case SEND:
    case TRY_SEND:
      return channel.send(id, item, code === TRY_SEND);
    case OFFER:
      return channel.offer(id);
    case CLAIM:
      return channel.claim(id, item);
    case WITHDRAW:
      return channel.withdraw(id);
    case HALT:
      return channel.halt();
    case TAKEN:
      return channel.taken(id);
    case HOLD:
      return channel.hold(id);
    case BACK:
      return channel.back(item as unknown[]);
    case CLOSE:
      return channel.close();
    case FAIL:
      return channel.fail(decodeError(item as EncodedError));
    case CANCEL:
      return channel.cancel(decodeError(item as EncodedError));
  }
}
