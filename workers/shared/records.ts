/**
 * Values on their way into and out of the slots of a channel. A value that is longer than a slot goes to a
 * block of its own, and the slot holds the block's offset.
 *
 * @module
 */
import { AutoCodec, BYTES_START, bytesOf } from "./codec/auto.ts";
import type { Codec } from "./codec/codec.ts";
import type { Domain } from "./domain.ts";
import { IN_BLOCK, LENGTH, PAYLOAD } from "./layout.ts";

/** What a parked send keeps: its value as it was at the call. */
export interface Cargo {
  readonly value: unknown;
  /** How many bytes it has. */
  readonly length: number;
  /** The bytes, or the block that they are in already. */
  readonly bytes: Uint8Array | number;
  /** Why it cannot be sent. */
  readonly failure?: { readonly error: unknown } | undefined;
}

/** The header of a number, and how many bytes it has, where numbers are bare. */
export const NUMBER = 8;
const NOTHING = new Uint8Array(0);

/** Bytes of a value, in shared memory. */
export interface Span {
  readonly from: number;
  readonly length: number;
  /** The block that they are in, if it is not the scratch. */
  readonly block: number | undefined;
}

/** Writes to the scratch of this thread, and reads from it. */
export class Records<T> {
  readonly #domain: Domain;
  readonly #codec: Codec<T>;
  readonly #floats: Float64Array;
  /** Whether 8 bytes are a number, and nothing else. */
  readonly bare: boolean;
  /** Bytes of payload that a slot holds. */
  readonly room: number;

  constructor(domain: Domain, codec: Codec<T>, room: number) {
    this.#domain = domain;
    this.#codec = codec;
    this.#floats = domain.floats;
    this.room = Math.min(room, domain.scratchBytes - PAYLOAD);
    this.bare = codec instanceof AutoCodec && this.room >= 8;
  }

  /**
   * Writes `value` to the scratch, ready to be pushed.
   *
   * @returns Its header. If it is in a block, `discard` the header unless it is pushed.
   */
  write(value: T): number {
    // Here, so that a number costs no call of a codec that may be one of several.
    if (this.bare && typeof value === "number") {
      this.#floats[this.#domain.scratch >> 3] = value;
      return NUMBER;
    }
    const { scratch } = this.#domain;
    this.#domain.setAside();
    let bytes: number;
    try {
      bytes = this.#codec.encode(value, scratch, this.room);
    } finally {
      this.#domain.takeBack();
    }
    return bytes >= 0 ? bytes : this.#writeLong(value, -bytes);
  }

  /** As `write`, to a scratch that was set aside. Answers -1 for what is longer than a slot or has no copy. */
  tryWrite(value: T, at: number): number {
    try {
      return Math.max(this.#codec.encode(value, at, this.room), -1);
    } catch {
      return -1;
    }
  }

  /** Reads what was popped, into the scratch as a rule. */
  read(header: number, at: number = this.#domain.scratch): T {
    if (header === NUMBER && this.bare) return this.#floats[at >> 3] as T;
    if ((header & IN_BLOCK) === 0) return this.#codec.decode(at, header);
    const block = this.#domain.words[at >> 2]!;
    try {
      return this.#codec.decode(block, header & LENGTH);
    } finally {
      this.#domain.free(block);
    }
  }

  /**
   * Where the bytes are of the byte array that was popped into the scratch.
   *
   * @returns Undefined if it is something else, or was written by another codec than `"auto"`.
   */
  span(header: number): Span | undefined {
    const { scratch, words } = this.#domain;
    const block = (header & IN_BLOCK) === 0 ? undefined : words[scratch >> 2]!;
    const at = block ?? scratch;
    const length = bytesOf(this.#domain, at, header & LENGTH);
    return length < 0 ? undefined : { from: at + BYTES_START, length, block };
  }

  /** What was popped, or written, into the scratch goes nowhere. */
  discard(header: number): void {
    if ((header & IN_BLOCK) === 0) return;
    this.#domain.free(this.#domain.words[this.#domain.scratch >> 2]!);
  }

  /** Takes what was written out of shared memory. */
  keep(value: T, header: number): Cargo {
    const { scratch, words, bytes } = this.#domain;
    const length = header & LENGTH;
    const from = (header & IN_BLOCK) === 0 ? scratch : words[scratch >> 2]!;
    const kept = bytes.slice(from, from + length);
    this.discard(header);
    return { value, length, bytes: kept };
  }

  /** What cannot be written is refused later: a select must park all its cases first. */
  keepNew(value: T): Cargo {
    try {
      return this.keep(value, this.write(value));
    } catch (error) {
      return { value, length: 0, bytes: NOTHING, failure: { error } };
    }
  }

  /** Writes what was kept to the scratch. Answers the header to push it with. */
  load({ bytes, length }: Cargo): number {
    const domain = this.#domain;
    if (typeof bytes !== "number" && length <= this.room) {
      domain.bytes.set(bytes, domain.scratch);
      return length;
    }
    const block = typeof bytes === "number" ? bytes : domain.allocate(length);
    if (typeof bytes !== "number") domain.bytes.set(bytes, block);
    domain.hold(block);
    domain.words[domain.scratch >> 2] = block;
    return length | IN_BLOCK;
  }

  /** What was loaded was not pushed. */
  unload(cargo: Cargo, header: number): void {
    if (typeof cargo.bytes !== "number") this.discard(header);
    else this.#domain.hold(0);
  }

  #writeLong(value: T, needed: number): number {
    const domain = this.#domain;
    for (let bytes = needed;;) {
      const block = domain.allocate(bytes);
      domain.hold(block);
      let written = 0;
      try {
        written = this.#codec.encode(value, block, bytes);
      } finally {
        if (written <= 0) domain.free(block);
      }
      if (written > 0) {
        domain.words[domain.scratch >> 2] = block;
        return written | IN_BLOCK;
      }
      bytes = Math.max(-written, 2 * bytes);
    }
  }
}
