/**
 * What a channel in shared memory cannot do. What it does instead is tested in
 * tests/shared/channel_instead.test.ts.
 *
 * @module
 */
import type { Deviation } from "./kind.ts";

/** Wherever the ends are. */
const ALWAYS: readonly Deviation[] = [
  {
    reason: "values are copies; functions and promises have none",
    tests: ["send() delivers promises, thenables, errors and functions untouched"],
  },
  {
    reason:
      "a send that still waits in some thread when the channel is closed rejects with its value",
    tests: [
      "send() that nobody awaits takes effect in the order of the calls",
      "close() lets what was sent be received, then reports done for ever",
      "close() leaves a send that waits waiting until it is received",
      "send() to a closed channel rejects although earlier sends still wait",
      "close() leaves the parked send case of a select to be received",
      "close() leaves nothing of a parked send case that lost",
      "fail() lets what was sent be received, then rejects every receive",
      "fail() leaves a send that waits waiting until it is received",
      "fail() makes loops throw the error after the values, every time",
      "fail() makes batches() give the values before the error",
    ],
  },
  {
    reason:
      "nothing is dropped but by cancel(), and nobody is told of it: overflow and onDrop are refused",
    tests: [
      "cancel() drops the buffer and gives each value to onDrop once, in order",
      "cancel() never gives the value of a send that it rejects to onDrop",
      "cancel() after close() drops what is left and cuts off sends that wait",
      "cancel() gives onDrop every value although it throws, then throws",
      "[Symbol.dispose]() drops the buffer and rejects the sends that wait",
      ...["drop-oldest", "drop-newest"].flatMap((policy) => [
        `trySend() answers true on a full channel with ${policy}`,
        `a receive that waits is served directly with ${policy}`,
        `a send case is always ready with ${policy}`,
        `send() to a closed channel rejects and drops nothing with ${policy}`,
        `sendMany() never waits with ${policy}`,
        `onDrop that throws rejects the send that dropped, which has happened, with ${policy}`,
        `cancel() gives what is left to onDrop with ${policy}`,
      ]),
      "drop-oldest keeps the newest values and drops the others in order",
      "drop-newest keeps the oldest values and drops what comes",
      "drop-oldest makes room again and again as values are taken",
    ],
  },
];

/** Each end in a thread of its own. */
const ACROSS: readonly Deviation[] = [
  {
    reason:
      "who is parked in another thread is served when that thread hears its bell, not inside the call",
    tests: [
      "recv() takes effect inside the call",
      "recv() that was served inside the call of a send is not aborted after it",
      "send() that was received inside the call is not aborted after it",
      "a receive that waits is given the value directly, and the buffer stays empty",
      "a receive that makes room lets in one send that waits, inside the call",
      "sends settle in the order in which they were received",
      "batches() left by break leaves the channel open and loses nothing",
    ],
  },
  {
    reason:
      "recvMany() takes what is in the buffer; a send that is parked in another thread comes in later",
    tests: [
      "recvMany() takes what is there, also of sends that wait, up to max",
      "recvMany() takes no more than max",
      "recvMany() with max Infinity takes everything that is there",
      "send() that waits rejects when its signal aborts, and keeps its value",
      "send() that was received before its signal aborts has happened",
      "sendMany() that waits rejects when its signal aborts, and keeps its value",
      "sendMany() that was received before its signal aborts has happened",
      "select() that sends that waits rejects when its signal aborts, and keeps its value",
      "select() that sends that was received before its signal aborts has happened",
      "send() that is aborted leaves the others in their places",
      "send() that times out leaves the others in their places",
      "sends of all forms are accepted in the order in which they came",
      "sends that go at once and sends that waited settle in the order of the calls",
      "select() that waits sends when there is room or a receiver",
      "select() that was decided sends none of its other values",
    ],
  },
  {
    reason: "another thread has an error of its own, the same each time",
    tests: ["fail() rejects with the error itself, the same object every time"],
  },
];

/** More than a hundred values. */
const LARGE: Deviation = {
  reason: "the behaviour is written for less than a hundred values",
  tests: [
    "trySend() answers false while the buffer is full, and sends nothing",
    "trySend() does not overtake a send that waits",
    "send() that waits rejects when its signal aborts, and keeps its value",
    "sendMany() that waits rejects when its signal aborts, and keeps its value",
    "select() that sends that waits rejects when its signal aborts, and keeps its value",
    "send() that is aborted leaves the others in their places",
    "sendMany() that is aborted keeps what was accepted accepted",
    "send() rejects with a TimeoutError when its time is over, and keeps its value",
    "send() with timeout 0 tries once and does not wait",
    "sendMany() rejects with a TimeoutError when its time is over, and keeps its value",
    "sendMany() with timeout 0 tries once and does not wait",
    "select() that sends rejects with a TimeoutError when its time is over, and keeps its value",
    "select() that sends with timeout 0 tries once and does not wait",
    "send() that times out leaves the others in their places",
    "sendMany() times out as a whole, and keeps what was accepted accepted",
    "sends of all forms are accepted in the order in which they came",
    "select() that waits sends when there is room or a receiver",
    "select() that was decided sends none of its other values",
    "trySelect() answers undefined when nothing can go, and leaves nothing",
  ],
};

/** By where the ends are, and how large the channel is. */
export const SHARED_DEVIATIONS: {
  readonly one: readonly Deviation[];
  readonly two: readonly Deviation[];
  readonly largeOne: readonly Deviation[];
  readonly largeTwo: readonly Deviation[];
} = {
  one: ALWAYS,
  two: [...ALWAYS, ...ACROSS],
  largeOne: [...ALWAYS, LARGE],
  largeTwo: [...ALWAYS, ...ACROSS, LARGE],
};
