/**
 * What connects two threads: either has the near end of its own channels and the far end of the other's.
 *
 * @module
 */
import { eachWord, FIRST_TO_FAR, PACKED, type Words } from "./bridge_wire.ts";
import { FarBridge } from "./far_bridge.ts";
import { NearBridge } from "./near_bridge.ts";
import type { BridgedChannel } from "./near_channel.ts";
import { Outbox } from "./outbox.ts";
import { type ChannelRef, needsPacking, pack, type Parcel, unpack } from "./parcel.ts";
import type { PortChannel } from "./port_channel.ts";

/** One end of the connection. All that it says leaves in one order. */
export class Bridge {
  readonly out: Outbox;
  readonly #near: NearBridge;
  readonly #far: FarBridge;
  #gone = false;

  /** @param post Sends words to the other end; throws if something cannot be cloned. */
  constructor(post: (words: Words) => void) {
    this.out = new Outbox({
      post: (words) => this.#gone ? undefined : post(words),
      sealing: () => this.#near.putStates(),
      pack: (item) => {
        if (!needsPacking(item)) return undefined;
        return pack(item, "value", (channel) => this.refer(channel));
      },
    });
    this.#near = new NearBridge(this.out);
    this.#far = new FarBridge(this.out);
  }

  /** How to tell the other end of a channel: of one that it has given to this end, or of another. */
  refer(channel: BridgedChannel): ChannelRef {
    const number = this.#far.numberOf(channel);
    return number === undefined ? { own: this.#near.add(channel) } : { yours: number };
  }

  /** The channel that the other end has told of. */
  open(ref: ChannelRef): PortChannel<unknown> | BridgedChannel | undefined {
    return "own" in ref ? this.#far.open(ref.own) : this.#near.channel(ref.yours);
  }

  /** Takes what the other end has sent. */
  receive(words: Words): void {
    if (this.#gone) return;
    let answered = false;
    eachWord(words, (code, number, id, item) => {
      const packed = code >= PACKED;
      const plain = packed ? unpack(item as Parcel, (ref) => this.open(ref)) : item;
      const plainCode = packed ? code - PACKED : code;
      if (plainCode < FIRST_TO_FAR) return this.#near.hear(plainCode, number, id, plain);
      answered = true;
      this.#far.hear(plainCode, number, id, plain);
    });
    // Before anybody can see the values: if the thread dies over one, no other is to have it too.
    if (answered) this.out.flush();
  }

  /** Every operation that waits on a channel of the other end rejects with `error`, and every later one. */
  stop(error: unknown): void {
    this.#far.stop(error);
  }

  /**
   * The other thread is gone.
   *
   * @param alive Whether it has ended as it should: then what it has sent is still delivered.
   * @param error What becomes of operations on its channels.
   */
  dispose(alive: boolean, error: unknown): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#near.dispose(alive);
    this.#far.stop(error);
  }
}
