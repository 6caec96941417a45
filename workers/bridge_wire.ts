/**
 * What the two ends of a bridged channel say to each other.
 *
 * The channel itself stays in the thread that made it, the near one; the far thread has a `PortChannel`,
 * which keeps nothing but the operations that wait there. All channels of a task share one port, and all
 * that is said goes through it in order, so the operations of one far thread take effect in program order,
 * whatever channels they are on. A value that is a channel, or has one in it, gives the channel to whoever
 * receives it; so either thread can be the near one of some channels and the far one of others. A channel
 * that is drained is forgotten by both (`RELEASE`).
 *
 * To receive, the far end asks with a `RECV`, one for each receive that waits; the near end parks a receive
 * of its own for it. What this one gets is *lent*: the far end has it, the near end keeps a copy until it
 * is told by `TAKEN` that a receive of the far end was settled with it. To send, the far end hands the value
 * over with a `SEND`, the near end sends it or parks it, and says `SENT` when the channel has accepted it.
 * Selects cannot wait for an answer once they are decided, so a send case only makes an `OFFER`; at a
 * `READY` the far end decides, and its `CLAIM` with the value cannot be refused any more.
 *
 * What is true whenever no message is on its way:
 *
 * 1. As many as wait. The near end has parked one receive, and no more, for each that is parked at the far
 *    end. So the far end takes nothing ahead, and other readers of the channel are not starved.
 * 2. A value is in one place: in the channel, or lent; at the far end only inside a settled receive. What
 *    is lent when the far end wants nothing any more (`HALT`), or when its thread is dead, goes back to the
 *    front of the channel, in order.
 * 3. Answers come in the order of the questions. So whoever waits longest at the far end gets the next value,
 *    even if it was asked for on behalf of a receive that has given up; then its own question is withdrawn.
 * 4. After a `HALT` everything that was asked for before it is void. The far end ignores what still comes of
 *    it, for the near end has taken it back before it reads any later question.
 * 5. Commit beats abort. A send that is on its way is withdrawn only when the near end has said so
 *    (`WITHDRAWN`); if it says `SENT`, the send has happened.
 * 6. An offer that was found `READY` is claimed or withdrawn, and counts as a value under way until then: no
 *    more offers are ready than receivers and room are there.
 * 7. The end comes last. Nobody who receives from a channel that was closed, in any thread, is told so while
 *    a value is lent or an offer ready, for it may come back or come: the receive waits. A thread that passes
 *    the channel on has taken what it lends, but says that it is under way (`HOLD`).
 *
 * @module
 */

/** To the near end: one value for a receive that waits, at most `item` if it takes many. */
export const RECV = 1;
/** As `RECV`, but only what is there. */
export const TRY_RECV = 2;
/** To the near end: send `item`. */
export const SEND = 3;
/** As `SEND`, but only if it need not wait. */
export const TRY_SEND = 4;
/** To the near end: say when a send would not wait. */
export const OFFER = 5;
/** To the near end: send `item`, come what may; the answer to `READY`. */
export const CLAIM = 6;
/** To the near end: the operation `id` waits no more. */
export const WITHDRAW = 7;
/** To the near end: nothing waits to receive any more. */
export const HALT = 8;
/** To the near end: `id` of the values that were lent are received. */
export const TAKEN = 9;
/** To the near end: the values `item` come back, from a thread that is further still. */
export const BACK = 10;
/** To the near end: close. */
export const CLOSE = 11;
/** To the near end: fail with the error `item`. */
export const FAIL = 12;
/** To the near end: cancel with the reason `item`. */
export const CANCEL = 13;
/** To the near end: `id` more values are under way between the far end and a thread that is further still. */
export const HOLD = 14;
/** To the near end: nothing else will be said of the channel, which is drained and has come `id` times. */
export const RELEASE = 15;

/** What is said to the near end has a lower code, what is said to the far end none. */
export const FIRST_TO_FAR = 21;

/** To the far end: the values `item`, for the receive `id`. */
export const VALUES = 21;
/** To the far end: the channel is drained, with the error `item` if it has failed. For the receive `id`. */
export const ENDED = 22;
/** The `id` of an `ENDED` that is no answer. */
export const EVERYONE = Infinity;
/** To the far end: `id` would have to wait. */
export const NONE = 23;
/** To the far end: the value of `id` was accepted. */
export const SENT = 24;
/** To the far end: `id` rejects, for the reason in `item`. */
export const REFUSED = 25;
/** To the far end: the send `id` has not happened and will not. */
export const WITHDRAWN = 26;
/** To the far end: the send `id` would not wait now. */
export const READY_NOW = 27;
/** To the far end: the size of the channel is `id`; `item` tells whether it is closed. */
export const STATE = 28;

/** Added to a code: the item is a parcel, since there are channels or the like in it. */
export const PACKED = 64;

/** Words in a row: code, channel, id, item, and again. Flat, since clones of objects are dear. */
export type Words = unknown[];

/** Whoever is told what has come. */
export type Listener = (code: number, channel: number, id: number, item: unknown) => void;

/** Takes words apart. */
export function eachWord(words: Words, listen: Listener): void {
  for (let i = 0; i < words.length; i += 4) {
    listen(words[i] as number, words[i + 1] as number, words[i + 2] as number, words[i + 3]);
  }
}

/** How a far thread is told of a channel. */
export interface ChannelData {
  /** By which the two ends call it. */
  readonly number: number;
  readonly name: string | undefined;
  readonly capacity: number;
  readonly size: number;
  readonly closed: boolean;
}
