/**
 * What a channel cannot do when one of its ends is in another thread. What it does instead is tested in
 * tests/workers/port_channel.test.ts.
 *
 * @module
 */
import type { Deviation } from "./kind.ts";

/** Whichever end is far. */
const ALWAYS: readonly Deviation[] = [
  {
    reason:
      "an operation of the far end takes effect when its message has come, not inside the call",
    tests: [
      "recv() takes effect inside the call",
      "send() takes effect inside the call",
      "recv() that was served inside the call of a send is not aborted after it",
      "send() that was received inside the call is not aborted after it",
      "a receive that makes room lets in one send that waits, inside the call",
      "tryRecv() takes nothing away from a receive that was served before",
    ],
  },
  {
    reason: "values and errors are structured clones; functions and promises have none",
    tests: [
      "send() delivers promises, thenables, errors and functions untouched",
      "fail() rejects with the error itself, the same object every time",
    ],
  },
  {
    reason: "a select of both directions of one channel takes place in one thread only",
    tests: [
      "select() never matches itself",
      "select() of both directions is met by a sender or a receiver, once",
    ],
  },
  {
    reason: "the far end does not know at once whether it could go",
    tests: ["values leave in order when the buffer is filled from the middle"],
  },
];

/** The end that sends is far. */
const SENDS: readonly Deviation[] = [
  {
    reason: "trySend() of a channel with a bound does not know whether there is room",
    tests: [
      "trySend() answers true while the buffer has room",
      "trySend() serves a receiver that waits",
      "trySend() answers true on a full channel with drop-oldest",
      "trySend() answers true on a full channel with drop-newest",
      "onDrop that throws rejects the send that dropped, which has happened, with drop-oldest",
      "onDrop that throws rejects the send that dropped, which has happened, with drop-newest",
      "drop-oldest makes room again and again as values are taken",
      "recv() takes the oldest value of the buffer",
      "recv() takes the value of a send that waits, and lets it go",
      "recv() and recvMany() with wrong options throw at once and take nothing",
      "cancel() drops the buffer and gives each value to onDrop once, in order",
      "size counts what a closed channel still has to give",
      "a receive that is parked and one that tries do not both get a value",
    ],
  },
  {
    reason: "a send case that waits is asked before its value leaves, and is refused by close()",
    tests: [
      "select() that waits sends when there is room or a receiver",
      "select() that was decided sends none of its other values",
      "select() that sends that was received before its signal aborts has happened",
      "select() that sends with timeout 0 sends while there is room",
      "sends of all forms are accepted in the order in which they came",
      "close() leaves the parked send case of a select to be received",
      "close() leaves nothing of a parked send case that lost",
    ],
  },
];

/** The sends are in the thread of the channel's receives: see `ALWAYS`. */
const ONLY_SENDS: readonly Deviation[] = [
  {
    reason: "what is sent comes after what the other end does in the same turn",
    tests: ["sends that go at once and sends that waited settle in the order of the calls"],
  },
];

/** The end that receives is far. */
const RECEIVES: readonly Deviation[] = [
  {
    reason: "tryRecv() and trySelect() do not know whether something is there",
    tests: [
      "tryRecv() takes a value that is there",
      "tryRecv() lets in exactly one send that waits",
      "trySelect() takes a value that is there",
      "select() that receives with timeout 0 takes a value that is there",
      "sends settle in the order in which they were received",
      "fail() makes tryRecv() throw the error when nothing is left",
    ],
  },
  {
    reason: "size is what was heard last",
    tests: ["size counts the buffer, not the sends that wait"],
  },
  {
    reason: "an onDrop that throws does so in the thread of the channel",
    tests: ["cancel() gives onDrop every value although it throws, then throws"],
  },
];

/** By the end that is far. */
export const PORT_DEVIATIONS: {
  readonly sends: readonly Deviation[];
  readonly receives: readonly Deviation[];
  readonly both: readonly Deviation[];
} = {
  sends: [...ALWAYS, ...SENDS, ...ONLY_SENDS],
  receives: [...ALWAYS, ...RECEIVES],
  both: [...ALWAYS, ...SENDS, ...RECEIVES],
};
