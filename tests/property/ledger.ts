/**
 * What became of each value of a program.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

/** A value: which of whose. */
export interface Parcel {
  readonly producer: number;
  readonly serial: number;
}

type Fate = "received" | "kept" | "dropped";

interface Entry {
  readonly channel: number;
  /** What its sender was told. */
  accepted: boolean | undefined;
  handed: boolean;
  fate: Fate | undefined;
}

/** Keeps the books: one fate for each value, and nobody is overtaken. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  /** The last value that a consumer received of a producer by a channel. */
  readonly #last = new Map<string, number>();

  /** It is about to be sent. */
  offer(parcel: Parcel, channel: number): void {
    this.#entries.set(name(parcel), {
      channel,
      accepted: undefined,
      handed: false,
      fate: undefined,
    });
  }

  /** The sender of many asks for it. */
  hand(parcel: Parcel): void {
    this.#entry(parcel).handed = true;
  }

  /** Their senders were told that they are in. */
  accept(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) this.#entry(parcel).accepted = true;
  }

  /** Their sender was told that not all are in: all but the last that were handed over are. */
  keep(parcels: readonly Parcel[]): void {
    if (parcels.length === 1) {
      for (const parcel of parcels) {
        this.#entry(parcel).accepted = false;
        this.enter(parcel, "kept");
      }
      return;
    }
    const handed = parcels.filter((parcel) => this.#entry(parcel).handed);
    const last = handed.at(-1);
    for (const parcel of parcels) {
      const entry = this.#entry(parcel);
      if (!entry.handed) this.enter(parcel, "kept");
      // The last may have been accepted, or have stayed behind: the channel knows.
      else if (parcel !== last) entry.accepted = true;
      else if (entry.fate === undefined) entry.accepted = undefined;
    }
  }

  /** A consumer has it. */
  receive(parcel: Parcel, consumer: number): void {
    const { channel } = this.#entry(parcel);
    const line = `${consumer}<${channel}<${parcel.producer}`;
    const last = this.#last.get(line) ?? -1;
    assert(parcel.serial > last, `${name(parcel)} came after ${last}`);
    this.#last.set(line, parcel.serial);
    this.enter(parcel, "received");
  }

  /** It has met its fate. */
  enter(parcel: Parcel, fate: Fate): void {
    const entry = this.#entry(parcel);
    assertEquals(entry.fate, undefined, `${name(parcel)} was ${entry.fate}, and now ${fate}`);
    assert(fate === "kept" || entry.accepted !== false, `${name(parcel)} was refused, and ${fate}`);
    entry.fate = fate;
  }

  /** Nothing else will happen: whatever was accepted has met its fate. */
  close(): void {
    for (const [name, { accepted, fate }] of this.#entries) {
      assert(fate !== undefined || accepted === undefined, `${name} is lost`);
    }
  }

  toString(): string {
    return [...this.#entries].map(([name, { accepted, fate }]) =>
      `${name} ${accepted ?? "?"} ${fate ?? "?"}`
    ).join(", ");
  }

  #entry(parcel: Parcel): Entry {
    const entry = this.#entries.get(name(parcel));
    assert(entry !== undefined, `${name(parcel)} was never sent`);
    return entry;
  }
}

function name({ producer, serial }: Parcel): string {
  return `${producer}.${serial}`;
}
