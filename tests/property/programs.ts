/**
 * Small programs, each for one corner of the contract, whose interleavings are all tried.
 *
 * @module
 */
import type { Program } from "./explorer.ts";
import {
  abort,
  advance,
  after,
  attempt,
  cancel,
  close,
  fail,
  leave,
  next,
  off,
  recv,
  recvMany,
  select,
  send,
  signal,
} from "./program.ts";

/** All of them. */
export const programs: readonly Program[] = [
  {
    name: "two senders and two receivers without a buffer",
    channels: [{ capacity: 0 }],
    tasks: [[send(0, 1), send(0, 2)], [send(0, 3), send(0, 4)], [recv(0), recv(0)], [recv(0)]],
  },
  {
    name: "a buffer of one with a close",
    channels: [{ capacity: 1 }],
    tasks: [[send(0, 1), send(0, 2), send(0, 3)], [recv(0), recv(0), recv(0)], [close(0), recv(0)]],
  },
  {
    name: "a buffer of two with senders that wait, and a close",
    channels: [{ capacity: 2 }],
    tasks: [[send(0, 1), send(0, 2), send(0, 3), send(0, 4)], [recv(0), recv(0)], [close(0)]],
  },
  {
    name: "a channel without bound",
    channels: [{ capacity: Infinity }],
    tasks: [[send(0, 1), send(0, 2), close(0)], [recv(0), recv(0)], [
      recvMany(0, 2),
      attempt(recv(0)),
    ]],
  },
  {
    name: "sends and receives that are aborted",
    channels: [{ capacity: 0 }],
    tasks: [
      [send(0, 1, { signal: 0 }), send(0, 2)],
      [recv(0, { signal: 1 }), recv(0)],
      [abort(0), abort(1)],
      [send(0, 3, { signal: 0 })],
    ],
  },
  {
    name: "one signal for several waits on a buffer of one",
    channels: [{ capacity: 1 }],
    tasks: [
      [send(0, 1), send(0, 2, { signal: 0 }), send(0, 3)],
      [recv(0, { signal: 0 }), recvMany(0, 2, { signal: 0 }), recv(0)],
      [abort(0)],
    ],
  },
  {
    name: "a select over two channels with a close",
    channels: [{ capacity: 0 }, { capacity: 1 }],
    tasks: [
      [select([recv(0), recv(1)]), select([recv(0), send(1, 10)])],
      [send(0, 1), close(0)],
      [send(1, 2), recv(1)],
    ],
    seeds: 4,
  },
  {
    name: "two selects that meet on two channels",
    channels: [{ capacity: 0 }, { capacity: 0 }],
    tasks: [
      [select([send(0, 1), recv(1)]), select([recv(0), send(1, 2)])],
      [select([recv(0), send(1, 3)]), select([send(0, 4), recv(1)])],
      [recv(0), send(1, 5)],
    ],
    seeds: 4,
  },
  {
    name: "three selects that send and receive on one channel",
    channels: [{ capacity: 0 }],
    tasks: [
      [select([recv(0), send(0, 1)])],
      [select([send(0, 2), recv(0)]), recv(0)],
      [select([send(0, 3), recv(0), send(0, 4)]), close(0)],
    ],
    seeds: 8,
  },
  {
    name: "a select with one case twice, and an abort",
    channels: [{ capacity: 0 }, { capacity: 1 }],
    tasks: [
      [select([recv(0), recv(0), recv(1)], { signal: 0 }), recv(0)],
      [send(0, 1), send(0, 2), send(1, 3)],
      [abort(0)],
    ],
    seeds: 4,
  },
  {
    name: "a select with several sends to one channel that is cancelled",
    channels: [{ capacity: 1 }],
    tasks: [
      [send(0, 1), select([send(0, 2), send(0, 3)])],
      [select([send(0, 4), send(0, 5), recv(0)]), recv(0)],
      [recv(0), cancel(0)],
    ],
    seeds: 4,
  },
  {
    name: "operations that never wait among some that do",
    channels: [{ capacity: 1 }],
    tasks: [
      [send(0, 1), attempt(send(0, 2)), attempt(send(0, 3))],
      [recv(0), attempt(recv(0)), attempt(recv(0))],
      [send(0, 4), close(0)],
    ],
  },
  {
    name: "trySelect and priority",
    channels: [{ capacity: 0 }, { capacity: 1 }],
    tasks: [
      [
        attempt(select([recv(0), send(1, 1), recv(1)])),
        select([recv(1), recv(0)], { priority: true }),
      ],
      [send(0, 2), attempt(select([off, recv(1), send(0, 3)], { priority: true }))],
      [recv(0), close(1), select([send(1, 4), recv(0)])],
    ],
    seeds: 3,
  },
  {
    name: "a channel that fails",
    channels: [{ capacity: 1 }],
    tasks: [
      [send(0, 1), send(0, 2), attempt(send(0, 3))],
      [recv(0), recvMany(0, 3), attempt(recv(0))],
      [fail(0), close(0)],
    ],
  },
  {
    name: "selects on a channel that fails",
    channels: [{ capacity: 0 }, { capacity: 1 }],
    tasks: [
      [select([recv(0), recv(1)]), select([recv(0), send(0, 1), off])],
      [send(0, 2), select([send(0, 3), send(1, 4)])],
      [fail(0), recv(1)],
    ],
    seeds: 4,
  },
  {
    name: "a channel that is cancelled and cancelled again",
    channels: [{ capacity: 2 }],
    tasks: [
      [send(0, 1), send(0, 2), send(0, 3)],
      [recv(0), recv(0), recv(0)],
      [cancel(0), cancel(0)],
    ],
  },
  {
    name: "the first end decides",
    channels: [{ capacity: 1 }],
    tasks: [[send(0, 1), send(0, 2)], [fail(0), recv(0)], [close(0), recv(0)], [
      cancel(0),
      recv(0),
    ]],
  },
  {
    name: "a channel that drops the oldest",
    channels: [{ capacity: 1, overflow: "drop-oldest" }],
    tasks: [
      [send(0, 1), send(0, 2), attempt(send(0, 3))],
      [recv(0), recv(0), attempt(recv(0))],
      [close(0), cancel(0)],
    ],
  },
  {
    name: "channels that drop the newest and the oldest in selects",
    channels: [{ capacity: 2, overflow: "drop-newest" }, { capacity: 1, overflow: "drop-oldest" }],
    tasks: [
      [send(0, 1), send(0, 2), send(0, 3)],
      [select([send(0, 4), send(1, 5)]), select([send(1, 6), recv(0)])],
      [recv(0), attempt(select([recv(1), recv(0)]))],
    ],
    seeds: 3,
  },
  {
    name: "recvMany against senders that wait",
    channels: [{ capacity: 1 }],
    tasks: [
      [send(0, 1), send(0, 2)],
      [send(0, 3), select([send(0, 4), send(0, 5)])],
      [recvMany(0, 2), recvMany(0, 3)],
      [close(0)],
    ],
    seeds: 2,
  },
  {
    name: "loops that end while they wait",
    channels: [{ capacity: 0 }],
    tasks: [
      [next(0, 0), next(0, 0), leave(0, 0)],
      [next(0, 1), next(0, 0)],
      [send(0, 1), send(0, 2), attempt(send(0, 3))],
    ],
  },
  {
    name: "signals as cases",
    channels: [{ capacity: 0 }],
    tasks: [
      [select([signal(0), recv(0)]), select([recv(0), signal(1), signal(0)])],
      [send(0, 1), send(0, 2, { signal: 0 })],
      [abort(0), abort(1)],
    ],
    seeds: 3,
  },
  {
    name: "alarms of one length that start one after the other",
    channels: [{ capacity: 0 }],
    tasks: [
      [recv(0, { timeout: 5 }), recv(0, { timeout: 5 })],
      [advance(2), advance(2), advance(2)],
      [recv(0, { timeout: 5, signal: 0 }), abort(0), send(0, 1)],
    ],
  },
  {
    name: "timeouts and timers",
    channels: [{ capacity: 0 }, { capacity: 1 }],
    tasks: [
      [recv(0, { timeout: 0 }), recv(0, { timeout: 5 }), select([recv(0), after(12)])],
      [send(0, 1, { timeout: 7 }), send(0, 2, { timeout: 0 }), select([after(0), send(1, 3)])],
      [advance(6), advance(7)],
    ],
    seeds: 2,
  },
];
