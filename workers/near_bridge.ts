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
  eachWord,
  FAIL,
  HALT,
  OFFER,
  RECV,
  SEND,
  TAKEN,
  TRY_RECV,
  TRY_SEND,
  WITHDRAW,
  type Words,
} from "./bridge_wire.ts";
import { type BridgedChannel, NearChannel } from "./near_channel.ts";
import { Outbox } from "./outbox.ts";
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
  readonly #numbers = new Map<BridgedChannel, number>();
  readonly #channels: NearChannel[] = [];
  #gone = false;

  /** @param post Sends words to the far end; throws if something cannot be cloned. */
  constructor(post: (words: Words) => void) {
    const say = (words: Words) => this.#gone ? undefined : post(words);
    this.#out = new Outbox(say, () => {
      for (const channel of this.#channels) channel.putState();
    });
  }

  /** Gives a channel to the far thread; one that it has got already is the same there. */
  add(channel: BridgedChannel): ChannelData {
    let number = this.#numbers.get(channel);
    if (number === undefined) {
      number = this.#channels.length;
      this.#numbers.set(channel, number);
      this.#channels.push(new NearChannel(channel, tapOf(channel), number, this.#out));
    }
    return this.#channels[number]!.data;
  }

  /** Takes what the far end has sent. */
  receive(words: Words): void {
    if (this.#gone) return;
    eachWord(words, (code, number, id, item) => {
      const channel = this.#channels[number];
      try {
        if (channel !== undefined) hear(channel, code, id, item);
      } catch (error) {
        // Of an `onDrop`. The other words are not to suffer, and it must not vanish.
        queueMicrotask(() => {
          throw error;
        });
      }
    });
  }

  /**
   * The far thread is gone.
   *
   * @param alive Whether it has ended as it should: then what it has sent is still delivered.
   */
  dispose(alive: boolean): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const channel of this.#channels) channel.dispose(alive);
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
