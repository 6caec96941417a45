/**
 * Rounds of a short life: each has a channel of its own, at which several threads work when one of them ends it.
 *
 * @module
 */
import { ChannelClosedError } from "../../../channel/errors.ts";
import type { SharedChannel } from "../../../workers/shared/shared_channel.ts";
import { anySize, checkMark, fillMark, type Ledger, REFUSED, SENT } from "./mark.ts";

/** One round, as its threads get it. */
export interface Round {
  readonly channel: SharedChannel<Uint8Array>;
  /** The number of its first value; each thread has `PER_ROUND`. */
  readonly first: number;
  readonly end: "close" | "fail" | "cancel";
}

/** Values that a thread may send in a round. */
export const PER_ROUND = 40;

/** Takes part in all rounds. Answers what was wrong. */
export async function takePart(
  rounds: SharedChannel<Round>,
  ledger: Ledger,
  id: number,
  blocking: boolean,
): Promise<string | undefined> {
  let wrong: string | undefined;
  for await (const round of rounds) {
    const ends = await Promise.all([
      receive(round, ledger, blocking),
      send(round, ledger, id, blocking && Math.random() < 0.5),
    ]);
    wrong ??= ends.find((end) => end !== undefined);
  }
  return wrong;
}

/** Sends until the channel refuses; may end it itself. */
async function send(
  { channel, first, end }: Round,
  { said, each }: Ledger,
  id: number,
  blocking: boolean,
): Promise<string | undefined> {
  const last = Math.floor(Math.random() * PER_ROUND * 1.5);
  for (let nth = 0; nth < PER_ROUND; nth++) {
    if (nth === last) finish(channel, end);
    const value = fillMark(new Uint8Array(anySize()), id, first + nth);
    const at = id * each + first + nth;
    try {
      if (blocking) channel.sendSync(value);
      else await channel.send(value);
      // What is in the buffer of a cancelled channel is dropped.
      if (end !== "cancel") said[at] = SENT;
    } catch (error) {
      said[at] = REFUSED;
      return error instanceof ChannelClosedError ? undefined : String(error);
    }
  }
  finish(channel, end);
  return undefined;
}

function finish(channel: SharedChannel<Uint8Array>, end: Round["end"]): void {
  if (end === "fail") channel.fail(new RangeError("over"));
  else channel[end]();
}

/** Receives until the end. */
async function receive(
  { channel, end }: Round,
  ledger: Ledger,
  blocking: boolean,
): Promise<string | undefined> {
  try {
    for (;;) {
      // Its own send is served meanwhile.
      const { done, value } = blocking && Math.random() < 0.2
        ? channel.recvSync({ timeout: 1 })
        : await channel.recv();
      if (done) return end === "fail" ? "ended without its error" : undefined;
      const wrong = checkMark(value, ledger);
      if (wrong !== undefined) return wrong;
    }
  } catch (error) {
    if ((error as Error).name === "TimeoutError") {
      return receive({ channel, end, first: 0 }, ledger, blocking);
    }
    return end === "fail" && (error as Error).message === "over" ? undefined : String(error);
  }
}
