/**
 * Cases whose state lives elsewhere: what was ready when select looked may be gone when it polls.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import {
  Channel,
  type Receiver,
  select,
  type SendCase as AnySendCase,
  trySelect,
} from "../../mod.ts";
import { SendCase } from "../../channel/send_case.ts";
import { EMPTY, PARK, PARK_SEND, POLL, READY, SEND_READY } from "../../internal/case.ts";
import { type Waiter, WaitQueue } from "../../internal/waiter.ts";
import { idle } from "../../testing/mod.ts";
import { settled, watch } from "./watch.ts";

/** What it holds is taken by somebody else, as often as it says, between the look and the poll. */
class Raced {
  readonly parked = new WaitQueue();
  #losses: number;
  polls = 0;

  constructor(losses: number) {
    this.#losses = losses;
  }

  [READY](): boolean {
    return this.polls < this.#losses;
  }

  [POLL](): unknown {
    this.polls++;
    return EMPTY;
  }

  [PARK](waiter: Waiter): void {
    this.parked.push(waiter);
  }
}

const received = (raced: Raced) => raced as unknown as Receiver<number>;

/** The sending side of the same. */
function sending(raced: Raced, value: number): AnySendCase {
  return new SendCase({
    closed: false,
    trySend: () => raced[POLL]() !== EMPTY,
    [SEND_READY]: () => raced[READY](),
    [PARK_SEND]: (waiter) => raced[PARK](waiter),
    refusal: () => new Error("closed"),
  }, value);
}

for (const [side, caseOf] of Object.entries({ receive: received, send: sending })) {
  test(`select() takes another case when what its ${side} case was ready for is gone`, async () => {
    const raced = new Raced(2);
    const other = new Channel<number>(1);

    const selected = watch(select({ raced: caseOf(raced, 1), other }, { priority: true }));
    await idle();
    const before = [selected.state, raced.polls];
    other.trySend(7);

    assertEquals(before, ["waiting", 2]);
    assertEquals(raced.parked.empty, true);
    await idle();
    assertEquals(selected.value, { key: "other", done: false, value: 7 });
  });

  test(`trySelect() takes another case when what its ${side} case was ready for is gone`, () => {
    const raced = new Raced(1);
    const other = new Channel<number>(1);
    other.trySend(7);

    const selected = trySelect({ raced: caseOf(raced, 1), other }, { priority: true });

    assertEquals(selected, { key: "other", done: false, value: 7 });
  });

  test(`trySelect() answers undefined when what its ${side} case was ready for is gone`, () => {
    assertEquals(trySelect({ raced: caseOf(new Raced(1), 1) }), undefined);
  });

  test(`select() that parked on a ${side} case is settled by it`, async () => {
    const raced = new Raced(1);
    const selected = select({ raced: caseOf(raced, 1) });

    raced.parked.shift()?.settle(false, undefined);

    assertEquals(await settled(selected), { key: "raced", done: false, value: undefined });
  });
}
