/**
 * What stages that fold make of a list, in plain code.
 *
 * @module
 */
import { batch, drop, filter, map, scan, type Stage, take, tap } from "../../mod.ts";
import { same } from "./sources.ts";

/** A stage of a made-up pipe. */
export type Part =
  | { readonly kind: "map" | "tap" | "scan"; readonly later: boolean }
  | { readonly kind: "filter"; readonly by: number; readonly later: boolean }
  | { readonly kind: "fail"; readonly at: number; readonly later: boolean }
  | { readonly kind: "take" | "drop"; readonly n: number }
  /** Sums of so many. */
  | { readonly kind: "batch"; readonly size: number }
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
  return parts.flatMap((part, at) => {
    if (part.kind === "batch") return sumsOf(part.size);
    return [stageOf(part, (n) => void calls.push(`${at}:${n}`))];
  });
}

function sumsOf(size: number): Stage<number, number>[] {
  return [batch({ size }), map(sum)] as unknown as Stage<number, number>[];
}

function sum(list: readonly number[]): number {
  return list.reduce((one, other) => one + other, 0);
}

function stageOf(
  part: Exclude<Part, { readonly kind: "batch" }>,
  call: (n: number) => void,
): Stage<number, number> {
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
  /** What a batch has kept. */
  kept: number[];
}

/** Functions that note what they are called with. */
const NOTING: readonly string[] = ["map", "tap", "scan", "filter", "fail"] satisfies Part["kind"][];

/** One value after the other, through all stages, until one of them has had enough. */
export function expected(parts: readonly Part[], length: number): Expected {
  const places: Place[] = parts.map((part) => ({ part, seen: 0, before: 0, kept: [] }));
  const [values, taken, calls]: [number[], number[], string[]] = [[], [], []];
  /** The last stage that has had enough, or -1. */
  const enough = () =>
    places.findLastIndex(({ part, seen }) => part.kind === "take" && seen >= part.n);
  let made = 0;
  let failed = false;
  let failedAt = -1;
  const give = (value: number, from: number) => {
    let n: number | undefined = value;
    for (let at = from; at < places.length && n !== undefined; at++) {
      const place = places[at] as Place;
      const fails: boolean = place.part.kind === "fail" && n % place.part.at === 0;
      if (NOTING.includes(place.part.kind)) calls.push(`${at}:${n}`);
      if (fails) [failed, failedAt] = [true, at];
      n = fails ? undefined : pass(place, n);
    }
    if (n === undefined) return;
    values.push(n);
    taken.push(made);
  };
  while (enough() < 0 && !failed && made < length) give(++made, 0);
  for (let at = 0; at < places.length; at++) {
    const { kept } = places[at] as Place;
    if (at > Math.max(enough(), failedAt) && kept.length > 0) give(sum(kept), at + 1);
  }
  // A stage that has had enough does not wait for the error behind what was kept.
  if (enough() > failedAt) failed = false;
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
    case "batch":
      place.kept.push(n);
      return place.kept.length < part.size ? undefined : sum(place.kept.splice(0));
    default:
      return n;
  }
}
