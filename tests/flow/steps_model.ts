/**
 * What stages that fold make of a list, in plain code.
 *
 * @module
 */
import { drop, filter, map, scan, type Stage, take, tap } from "../../mod.ts";
import { same } from "./sources.ts";

/** A stage of a made-up pipe. */
export type Part =
  | { readonly kind: "map" | "tap" | "scan"; readonly later: boolean }
  | { readonly kind: "filter"; readonly by: number; readonly later: boolean }
  | { readonly kind: "fail"; readonly at: number; readonly later: boolean }
  | { readonly kind: "take" | "drop"; readonly n: number }
  | { readonly kind: "same" };

/** What comes of the source. */
export interface Expected {
  readonly values: number[];
  /** How many values of the source each result took, and the end. */
  readonly taken: number[];
  readonly failed: boolean;
  /** What the functions were called with, in order. */
  readonly calls: string[];
}

/** The stages of a pipe; each function notes what it is called with. */
export function stagesOf(parts: readonly Part[], calls: string[]): Stage<number, number>[] {
  return parts.map((part, at) => stageOf(part, (n) => void calls.push(`${at}:${n}`)));
}

function stageOf(part: Part, call: (n: number) => void): Stage<number, number> {
  const answer = <T>(value: T) => "later" in part && part.later ? Promise.resolve(value) : value;
  switch (part.kind) {
    case "map":
      return map((n) => (call(n), answer(n + 1)));
    case "tap":
      return tap((n) => (call(n), answer(0)));
    case "scan":
      return scan((before, n) => (call(n), answer((before + n) % 1000)), 0);
    case "filter":
      return filter((n) => (call(n), answer(n % part.by !== 0)));
    case "fail":
      return map((n) => {
        call(n);
        if (n % part.at !== 0) return n;
        if (part.later) return Promise.reject("broken");
        throw "broken";
      });
    case "take":
      return take(part.n);
    case "drop":
      return drop(part.n);
    case "same":
      return same;
  }
}

/** The state of one stage. */
interface Place {
  readonly part: Part;
  seen: number;
  before: number;
}

/** One value after the other, through all stages, until one of them has had enough. */
export function expected(parts: readonly Part[], length: number): Expected {
  const places: Place[] = parts.map((part) => ({ part, seen: 0, before: 0 }));
  const [values, taken, calls]: [number[], number[], string[]] = [[], [], []];
  const enough = () => places.some(({ part, seen }) => part.kind === "take" && seen >= part.n);
  let made = 0;
  let failed = false;
  while (!enough() && !failed && made < length) {
    let n: number | undefined = ++made;
    for (let at = 0; at < places.length && n !== undefined && !failed; at++) {
      const place = places[at] as Place;
      if (place.part.kind === "fail" && n % place.part.at === 0) failed = true;
      if (!["take", "drop", "same"].includes(place.part.kind)) calls.push(`${at}:${n}`);
      n = pass(place, n);
    }
    if (n === undefined || failed) continue;
    values.push(n);
    taken.push(made);
  }
  return { values, taken: [...taken, made], failed, calls };
}

function pass(place: Place, n: number): number | undefined {
  const { part } = place;
  place.seen++;
  switch (part.kind) {
    case "map":
      return n + 1;
    case "scan":
      return place.before = (place.before + n) % 1000;
    case "filter":
      return n % part.by !== 0 ? n : undefined;
    case "drop":
      return place.seen > part.n ? n : undefined;
    default:
      return n;
  }
}
