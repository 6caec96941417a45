/**
 * A kind of channel, as the conformance suite sees it.
 *
 * @module
 */
import type { ChannelOptions, Receiver, Sender } from "../../mod.ts";

/** The two ends of one channel. Where they are one object, both name it. */
export interface Ends<T> {
  readonly sender: Sender<T>;
  readonly receiver: Receiver<T> & Disposable;
}

/** What a kind cannot do. Its row stands beside a test of what it does instead. */
export interface Deviation {
  readonly reason: string;
  /** Names of behaviours, without the name of the kind. One that is unknown fails. */
  readonly tests: readonly string[];
}

/** A row in the table of kinds. */
export interface Kind {
  readonly name: string;
  /** Makes a channel. What is wrong with the arguments is thrown at once, or rejects. */
  readonly make: <T>(
    capacity: number,
    options: ChannelOptions<T>,
  ) => Ends<T> | Promise<Ends<T>>;
  readonly capacities: readonly number[];
  readonly deviations: readonly Deviation[];
  /** Resolves when what one end did has reached the other and nothing moves. Default: `idle`. */
  readonly quiet?: () => Promise<void>;
  /** Asserts what must be true of a channel whenever nothing moves. */
  readonly inspect?: (ends: Ends<unknown>) => void;
  /** Lets go of a channel after a test, when it is cancelled: ports, threads. */
  readonly release?: (ends: Ends<unknown>) => void | Promise<void>;
}
