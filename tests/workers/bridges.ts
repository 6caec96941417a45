/**
 * Bridges whose two ends are in one thread, with a message port between them: all that is true of a bridge
 * can be seen without a thread.
 *
 * @module
 */
import type { Channel } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { Bridge as End } from "../../workers/bridge.ts";
import type { Words } from "../../workers/bridge_wire.ts";
import type { BridgedChannel } from "../../workers/near_channel.ts";
import type { PortChannel } from "../../workers/port_channel.ts";

/** Those that are open. */
const open = new Set<Bridge>();
let posted = 0;

/** The two ends of a connection. */
export class Bridge {
  readonly near: End;
  readonly far: End;
  readonly #ports: readonly MessagePort[];
  /** How many messages are on their way. */
  underWay = 0;
  /** Whether the far end is dead. */
  dead = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#ports = [port1, port2];
    this.near = new End((words) => this.#post(port1, words));
    this.far = new End((words) => this.dead ? undefined : this.#post(port2, words));
    this.#listen(port1, (words) => this.near.receive(words));
    this.#listen(port2, (words) => this.dead ? undefined : this.far.receive(words));
    open.add(this);
  }

  /** The far end of `channel`. */
  open<T>(channel: Channel<T> | PortChannel<T>): PortChannel<T> {
    return this.far.open(this.near.refer(channel as BridgedChannel)) as PortChannel<T>;
  }

  /** The far end is gone, and with it what it was about to say and to hear. */
  end(alive = false): void {
    this.close();
    this.near.dispose(alive, "gone");
  }

  /**
   * The far end dies, as a thread does that exits: what it has said is heard, what it is told is not.
   * To be called in a turn of its own.
   */
  async die(): Promise<void> {
    this.dead = true;
    await quiet();
    this.end();
  }

  /** Closes the ports: what is on its way never comes. */
  close(): void {
    for (const port of this.#ports) {
      port.onmessage = null;
      port.close();
    }
    open.delete(this);
  }

  #post(port: MessagePort, words: Words): void {
    port.postMessage(words);
    this.underWay++;
    posted++;
  }

  #listen(port: MessagePort, receive: (words: Words) => void): void {
    port.onmessage = ({ data }) => {
      this.underWay--;
      receive(data as Words);
    };
  }
}

/** Resolves when all messages have come and nothing moves. */
export async function quiet(): Promise<void> {
  for (let seen = -1; seen !== posted || [...open].some(({ underWay }) => underWay > 0);) {
    seen = posted;
    await idle();
  }
}
