/**
 * A thread that sends or receives in every form, until it is killed or the channels are closed.
 *
 * @module
 */
import { joinParent, type Port } from "../../../workers/runtime.ts";
import { SharedChannel, type SharedChannelHandle } from "../../../workers/shared/shared_channel.ts";
import { receiveAll, sendAll } from "../stress/hostile.ts";
import type { Ledger } from "../stress/mark.ts";

/** What the thread is to do. */
export interface HostileWork {
  readonly handles: readonly [SharedChannelHandle, SharedChannelHandle];
  readonly ledger: Ledger;
  readonly role: "send" | "receive";
  /** The number of the sender. */
  readonly id: number;
}

const parent: Port = joinParent((message) => void work(message as HostileWork), end);

async function work({ handles: [one, other], ledger, role, id }: HostileWork): Promise<void> {
  const both = [
    SharedChannel.from<Uint8Array>(one),
    SharedChannel.from<Uint8Array>(other),
  ] as const;
  try {
    if (role === "send") end(await sendAll(both, ledger, id, true));
    else end(await receiveAll(both, ledger, true));
  } catch (error) {
    end((error as Error).stack);
  }
}

function end(said: unknown): void {
  parent.post(said === undefined ? undefined : String(said));
}
