/**
 * What a channel and a select must do, as lists and conditions: the executable specification. It says
 * what happens, not how to do it fast. Where the contract leaves a choice (which of several ready
 * cases, which of several cases parked on one channel), the model asks what the real thing chose and
 * checks that it was allowed.
 *
 * Outcomes are text: `sent`, `got 1`, `done`, `rejects: …`; behind the number of its case for a select.
 *
 * @module
 */
import {
  type Case,
  type ChannelKind,
  type Event,
  isWaiting,
  type RecvMany,
  type Step,
} from "./program.ts";

/** One thing that an operation waits for. Its own signal and timeout have the index `LIMIT`. */
type Place = (Case | RecvMany) & { readonly index: number };
const LIMIT = -1;
type Operation = { id: number; started: number; places: Place[]; of: Step; tries: boolean };
type ChannelState = ChannelKind & { buffer: number[]; end?: "close" | "fail" | "cancel" };

/** Any number of channels, and everything that waits on them. */
export class Model {
  readonly channels: readonly ChannelState[];
  /** The operations that wait, in order of arrival. */
  pending: Operation[] = [];
  /** What the last step settled, in commit order (`moot`: without doing anything), and what it dropped. */
  settled: { id: number; outcome: string; moot: boolean }[] = [];
  dropped: number[] = [];
  readonly #aborted = new Set<number>();
  readonly #left = new Set<number>();
  readonly #reported: (id: number) => string;
  #now = 0;

  /** @param reported How the real operation ended: decides what the contract leaves open. */
  constructor(channels: readonly ChannelKind[], reported: (id: number) => string) {
    this.channels = channels.map((kind) => ({ ...kind, buffer: [] }));
    this.#reported = reported;
  }

  /** Carries out one step. `id` names the operation that it starts, if it starts one. */
  step(step: Step, id: number): void {
    [this.settled, this.dropped] = [[], []];
    const of = step.op === "try" ? step.of : step;
    if (isWaiting(of)) {
      const places: Place[] = ("cases" in of ? of.cases : [of]).map((it, index) => ({
        ...it,
        index,
      }));
      if (of.signal !== undefined) places.push({ op: "signal", signal: of.signal, index: LIMIT });
      if (of.timeout !== undefined) places.push({ op: "after", ms: of.timeout, index: LIMIT });
      this.#begin({ id, started: this.#now, places, of, tries: step.op === "try" });
    } else this.#happen(of);
  }

  /** How many senders or receivers are parked on a channel. Each case of a select counts. */
  waiting(on: number, side: "send" | "recv"): number {
    return this.pending.reduce((n, operation) => n + placesOn(operation, on, side).length, 0);
  }

  #begin(operation: Operation): void {
    const ready = operation.places.filter((place) => this.#ready(operation, place));
    const cases = ready.filter((place) => place.index !== LIMIT);
    const limit = ready.find((place) => place.index === LIMIT);
    const [first] = operation.places;
    if (limit?.op === "signal") this.#go(operation, limit);
    else if (first?.op === "recv" && this.#left.has(first.loop!)) {
      this.#settle(operation, undefined, "done");
    } else if (cases.length > 0 && "priority" in operation.of) this.#go(operation, cases[0]!);
    else if (cases.length > 0) this.#go(operation, this.#choose(operation, cases));
    else if (operation.tries) this.#settle(operation, undefined, "nothing");
    else if (limit) this.#go(operation, limit);
    else this.pending.push(operation);
  }

  #ready(operation: Operation, place: Place): boolean {
    if (place.op === "off") return false;
    if (place.op === "after") return operation.started + place.ms <= this.#now;
    if (place.op === "signal") return this.#aborted.has(place.signal);
    const { end, buffer, capacity, overflow = "wait" } = this.channels[place.on]!;
    if (end) return true;
    if (place.op !== "send") return buffer.length > 0 || this.waiting(place.on, "send") > 0;
    return overflow !== "wait" || buffer.length < capacity || this.waiting(place.on, "recv") > 0;
  }

  /** Of several allowed cases, the one that the real thing reports. */
  #choose(operation: Operation, allowed: readonly Place[]): Place {
    const reported = this.#reported(operation.id);
    const chosen = allowed.find((place) => {
      const error = "value" in place
        ? `(closed|cut off) ${place.value}`
        : `failed ${"on" in place && place.on}`;
      return allowed.length === 1 ||
        new RegExp(`^(${place.index}: |rejects: ${error}$)`).test(reported);
    });
    if (chosen) return chosen;
    const cases = allowed.map((place) => place.index).join(" or ");
    throw new Error(`#${operation.id} reports "${reported}", but case ${cases} had to happen`);
  }

  #go(operation: Operation, place: Place): void {
    if (place.op === "off") return;
    if (place.op === "after") return this.#settle(operation, place, "time");
    if (place.op === "signal") return this.#settle(operation, place, `signal ${place.signal}`);
    if (place.op === "send") {
      return this.#settle(operation, place, this.#give(place.on, place.value));
    }
    const { buffer } = this.channels[place.on]!;
    let outcome = this.#take(place.on);
    for (let n = 1; place.op === "recvMany" && n < place.max; n++) {
      if (buffer.length > 0 || this.waiting(place.on, "send") > 0) {
        outcome += this.#take(place.on).replace("got ", ",");
      }
    }
    this.#settle(operation, place, outcome);
  }

  /** A receive: from the buffer, which lets the first parked sender in, or else from that sender. */
  #take(on: number): string {
    const { buffer, end } = this.channels[on]!;
    const sender = this.#partner(on, "send");
    if (sender && "value" in sender.place) {
      buffer.push(sender.place.value);
      this.#settle(sender.operation, sender.place, "sent");
    }
    if (buffer.length > 0) return `got ${buffer.shift()}`;
    return end === "fail" ? `rejects: failed ${on}` : "done";
  }

  #give(on: number, value: number): string {
    const { buffer, capacity, end, overflow } = this.channels[on]!;
    if (end) return `rejects: closed ${value}`;
    const receiver = this.#partner(on, "recv");
    if (receiver) {
      this.#settle(receiver.operation, receiver.place, `got ${value}`);
    } else if (buffer.length < capacity) {
      buffer.push(value);
    } else if (overflow === "drop-newest") {
      this.dropped.push(value);
    } else {
      this.dropped.push(buffer.shift()!);
      buffer.push(value);
    }
    return "sent";
  }

  /** Whoever has waited longest on this side of the channel. */
  #partner(on: number, side: "send" | "recv"): { operation: Operation; place: Place } | undefined {
    const operation = this.pending.find((it) => placesOn(it, on, side).length > 0);
    return operation &&
      { operation, place: this.#choose(operation, placesOn(operation, on, side)) };
  }

  #happen(event: Event): void {
    if (event.op === "spin") return;
    if ("loop" in event) this.#left.add(event.loop);
    else if ("signal" in event) this.#aborted.add(event.signal);
    else if ("ms" in event) this.#now += event.ms;
    else return this.#end(event.on, event.op);
    const ends = (operation: Operation, place: Place) =>
      "loop" in event
        ? "loop" in place && place.loop === event.loop
        : place.op === ("ms" in event ? "after" : "signal") && this.#ready(operation, place);
    for (const operation of this.pending) {
      const ended = operation.places.filter((place) => ends(operation, place));
      const first = Math.min(...ended.map((place) => "ms" in place ? place.ms : 0));
      const allowed = ended.filter((place) => !("ms" in place) || place.ms === first);
      if (allowed.length === 0) continue;
      const place = this.#choose(operation, allowed);
      if ("loop" in event) this.#settle(operation, place, "done");
      else this.#go(operation, place);
    }
  }

  #end(on: number, how: "close" | "fail" | "cancel"): void {
    const channel = this.channels[on]!;
    if (how === "cancel") this.dropped = channel.buffer.splice(0);
    else if (channel.end) return;
    channel.end = how;
    for (const operation of this.pending) {
      const cut = placesOn(operation, on, "recv");
      if (how === "cancel") cut.push(...placesOn(operation, on, "send"));
      if (cut.length === 0) continue;
      const place = this.#choose(operation, cut);
      if ("value" in place) this.#settle(operation, place, `rejects: cut off ${place.value}`);
      else this.#settle(operation, place, how === "fail" ? `rejects: failed ${on}` : "done");
    }
  }

  #settle(operation: Operation, place: Place | undefined, outcome: string): void {
    this.pending = this.pending.filter((it) => it !== operation);
    const key = place?.index === LIMIT
      ? "rejects: "
      : place && operation.of.op === "select"
      ? `${place.index}: `
      : "";
    const worded = outcome.startsWith("rejects") ? outcome : key + outcome;
    this.settled.push({ id: operation.id, outcome: worded, moot: place === undefined });
  }
}

/** The cases of an operation that stand on one side of a channel. */
function placesOn(operation: Operation, on: number, side: "send" | "recv"): Place[] {
  return operation.places.filter((place) =>
    "on" in place && place.on === on && ("value" in place) === (side === "send")
  );
}
