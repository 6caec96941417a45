/**
 * The case of a select that sends to a channel in shared memory.
 *
 * @module
 */
import { SendCase, type SendPort } from "../../channel/send_case.ts";
import { ASK } from "../../internal/case.ts";
import { PUMP, type Pump } from "./pump.ts";

/** What such a case needs of its channel. */
export interface AskedPort extends SendPort<unknown> {
  /** Tries what was parked for: another thread may have made room before it could know. */
  askSend(): void;
  readonly [PUMP]: Pump;
}

/** A send that happens if the select chooses it. */
export class SharedSendCase extends SendCase {
  readonly #port: AskedPort;

  /** @internal */
  constructor(port: AskedPort, value: unknown) {
    super(port, value);
    this.#port = port;
  }

  /** @internal */
  get [PUMP](): Pump {
    return this.#port[PUMP];
  }

  /** @internal */
  [ASK](): void {
    this.#port.askSend();
  }
}
