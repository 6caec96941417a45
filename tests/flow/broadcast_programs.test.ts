import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { Broadcast, ChannelClosedError, type Received, type Subscription } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { check } from "../property/check.ts";
import { counts } from "../unit/counts.ts";
import {
  BroadcastModel,
  type ModelSubscriber,
  type Outcome,
  type Overflow,
} from "./broadcast_model.ts";

const KINDS = [
  "subscribe",
  "send",
  "send",
  "send",
  "trySend",
  "recv",
  "recv",
  "recv",
  "tryRecv",
  "recvMany",
  "withdraw send",
  "withdraw receive",
  "cancel",
  "abort",
  "end",
] as const;
const POLICIES = ["wait", "wait", "wait", "drop-oldest", "drop-newest"] as const;

/** What is done, and to which subscriber, with which size and so on. */
type Step = readonly [typeof KINDS[number], number, number];

const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom(...KINDS), fc.nat(11), fc.nat(11));
const first: fc.Arbitrary<Step> = fc.tuple(fc.constant("subscribe"), fc.nat(11), fc.nat(11));
const programs: fc.Arbitrary<Step[]> = fc.tuple(
  fc.array(first, { minLength: 1, maxLength: 3 }),
  fc.array(step, { minLength: 4, maxLength: 40 }),
).map(([first, steps]) => [...first, ...steps]);

/** An operation that may wait, here and in the model. */
interface Operation {
  readonly expected: Outcome;
  readonly actual: Outcome;
  readonly controller: AbortController;
  readonly subscriber?: Member;
}

interface Member {
  readonly flow: Subscription<number>;
  readonly model: ModelSubscriber;
  readonly controller: AbortController;
}

/** A broadcast and its model, which go through the same steps. */
class Pair {
  readonly broadcast = new Broadcast<number>();
  readonly model = new BroadcastModel();
  readonly members: Member[] = [];
  readonly sends: Operation[] = [];
  readonly receives: Operation[] = [];
  #value = 0;

  step([kind, a, b]: Step): void {
    const { broadcast, model, members } = this;
    const member = members[a % members.length];
    if (kind === "subscribe") this.subscribe(a % 4, POLICIES[b % POLICIES.length]!);
    else if (kind === "send") this.send();
    else if (kind === "trySend") {
      const value = ++this.#value;
      assertEquals(spoken(() => broadcast.trySend(value)), model.trySend(value));
    } else if (kind === "withdraw send") this.withdraw(this.sends[a % this.sends.length], b);
    else if (kind === "withdraw receive") this.withdraw(this.receives[a % this.receives.length], b);
    else if (kind === "end") {
      if (b > 3) return; // or most programs would be over soon
      if (a % 2 === 0) broadcast.close();
      else broadcast.fail("broken");
      model.close(a % 2 === 0 ? "done" : "rejected broken");
    } else if (member !== undefined) this.receive(kind, member, b);
  }

  subscribe(size: number, overflow: Overflow): void {
    const capacity = overflow === "wait" ? size : size + 1;
    const controller = new AbortController();
    const flow = this.broadcast.subscribe({ capacity, overflow, signal: controller.signal });
    this.members.push({ flow, model: this.model.subscribe(capacity, overflow), controller });
  }

  send(): void {
    const controller = new AbortController();
    const value = ++this.#value;
    const promise = this.broadcast.send(value, { signal: controller.signal });
    const expected = this.model.send(value);
    this.sends.push({ expected, actual: follow(promise, () => "sent"), controller });
  }

  receive(kind: Step[0], subscriber: Member, b: number): void {
    const { flow, model } = subscriber;
    const controller = new AbortController();
    if (kind === "recv") {
      const promise = flow.recv({ signal: controller.signal });
      const expected = this.model.recv(model);
      this.receives.push({ expected, actual: follow(promise, told), controller, subscriber });
    } else if (kind === "tryRecv") {
      assertEquals(spoken(() => flow.tryRecv()), this.model.tryRecv(model));
    } else if (kind === "recvMany" && flow.size > 0) {
      const max = 1 + b % 4;
      const actual = follow(flow.recvMany(max), (values) => values.join());
      this.receives.push({ expected: this.expectMany(model, max), actual, controller, subscriber });
    } else if (kind === "cancel" && b < 4) {
      flow.cancel();
      this.model.cancel(model);
    } else if (kind === "abort" && b < 6) {
      subscriber.controller.abort("stop");
      this.model.abort(model, "stop");
    }
  }

  expectMany(model: ModelSubscriber, max: number): Outcome {
    const values: string[] = [];
    while (values.length < max) {
      const text = this.model.tryRecv(model);
      if (!text.startsWith("value ")) break;
      values.push(text.slice("value ".length));
    }
    return { text: values.join() };
  }

  withdraw(operation: Operation | undefined, b: number): void {
    if (operation === undefined || b > 7) return;
    const { controller, expected, subscriber } = operation;
    controller.abort("enough");
    if (subscriber === undefined) this.model.withdrawSend(expected, "enough");
    else this.model.withdrawReceive(subscriber.model, expected, "enough");
  }

  /** What can be seen without waiting. */
  compare(): void {
    const { broadcast, model, members } = this;
    const { senders, closed } = counts(broadcast);
    assertEquals(
      { senders, closed, subscribers: broadcast.subscribers },
      {
        senders: model.senders.length,
        closed: model.end !== undefined,
        subscribers: model.members.length,
      },
    );
    const seen = members.map(({ flow }) => [flow.size, flow.closed, flow.missed]);
    const expected = members.map(({ model }) => [
      model.buffer.length,
      model.end !== undefined,
      model.missed,
    ]);
    assertEquals(seen, expected);
  }
}

async function run(program: readonly Step[]): Promise<void> {
  const pair = new Pair();
  for (const step of program) {
    pair.step(step);
    // A broadcast that is closed learns a microtask later that its last parked send was withdrawn.
    await null;
    pair.compare();
  }
  await idle();
  for (const operations of [pair.sends, pair.receives]) {
    const texts = operations.map(({ actual }) => actual.text);
    assertEquals(texts, operations.map(({ expected }) => expected.text));
  }
}

/** What became of a promise. */
function follow<T>(promise: Promise<T>, tell: (value: T) => string): Outcome {
  const outcome: Outcome = { text: "waiting" };
  promise.then((value) => {
    outcome.text = tell(value);
  }, (error) => {
    outcome.text = refusal(error);
  });
  return outcome;
}

function told({ done, value }: Received<number>): string {
  return done ? "done" : `value ${value}`;
}

/** What a call that never waits says, in the words of the model. */
function spoken(call: () => boolean | Received<number> | undefined): string {
  try {
    const answer = call();
    if (answer === true) return "sent";
    return answer === false || answer === undefined ? "would wait" : told(answer);
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): string {
  return error instanceof ChannelClosedError ? `refused ${error.value}` : `rejected ${error}`;
}

test("Broadcast does in random programs what its model says", async () => {
  await check(programs, 1000, run);
});
