/**
 * Bytes in shared memory that are handed on and not copied.
 *
 * @module
 */
import type { WaitOptions } from "../../channel/types.ts";
import { beginBytes, BYTES_START } from "./codec/auto.ts";
import { sendBlock } from "./sends.ts";
import type { AnyEnd } from "./shared_end.ts";

/** Memory for so many bytes. */
export function lend(end: AnyEnd, length: number): Loan {
  const { domain } = end;
  const block = domain.allocate(BYTES_START + length + 4);
  const from = block + BYTES_START;
  return new Loan(end, block, domain.bytes.subarray(from, from + length));
}

/**
 * A piece of shared memory: to be filled and sent, or to be read where it is. It belongs to one thread at a
 * time: after `send` and after `release` it must not be touched any more, for somebody else uses it.
 *
 * @example
 * ```ts
 * import { SharedChannel } from "millrace/workers";
 *
 * const pictures = new SharedChannel<Uint8Array>(2);
 * const loan = pictures.lend(1_000_000);
 * loan.bytes.fill(7);
 * await loan.send();
 *
 * const { value: picture } = await pictures.recvLent();
 * console.log(picture?.bytes[999_999]); // 7
 * picture?.release();
 * ```
 */
export class Loan implements Disposable {
  readonly #end: AnyEnd;
  #block: number | undefined;
  #bytes: Uint8Array;

  /** @internal */
  constructor(end: AnyEnd, block: number | undefined, bytes: Uint8Array) {
    this.#end = end;
    this.#block = block;
    this.#bytes = bytes;
  }

  /** The bytes; none after `send` and `release`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Sends the bytes, as `send` of the channel does, without a copy.
   *
   * @param options How long to wait.
   * @returns Settles as `send` does. If it rejects, the loan is still there, to be sent again or released.
   * @throws {TypeError} If it was sent, released or received.
   */
  async send(options?: WaitOptions): Promise<void> {
    const block = this.#block;
    if (block === undefined) {
      throw new TypeError("Cannot send a loan that is not this thread's to send");
    }
    const bytes = this.#bytes;
    this.#block = undefined;
    this.#bytes = NOTHING;
    try {
      const length = beginBytes(this.#end.domain, block, bytes.length);
      await sendBlock(this.#end, { value: this, length, bytes: block }, options);
    } catch (error) {
      this.#block = block;
      this.#bytes = bytes;
      throw error;
    }
  }

  /** Gives the memory back. Does nothing if it was sent or released. */
  release(): void {
    const block = this.#block;
    this.#block = undefined;
    this.#bytes = NOTHING;
    if (block !== undefined) this.#end.domain.free(block);
  }

  /** As `release`: at the end of a block that has the loan in a `using` declaration. */
  [Symbol.dispose](): void {
    this.release();
  }
}

const NOTHING = new Uint8Array(0);
