/** Compiled, never run: what pipes infer from their stages, and what they refuse. */
import {
  batch,
  collect,
  drop,
  filter,
  type Flow,
  from,
  map,
  pipe,
  scan,
  type Stage,
  take,
  tap,
} from "../../mod.ts";
import { assertType, type Equals } from "./equals.ts";

type Shape = { readonly kind: "dot" } | { readonly kind: "line"; readonly length: number };

const isText = (value: unknown): value is string => typeof value === "string";

export function guardsNarrow(mixed: (string | number)[], shapes: AsyncIterable<Shape>): void {
  const texts = pipe(mixed, filter(isText));
  assertType<Equals<typeof texts, Flow<string>>>();
  const numbers = pipe(mixed, filter((value): value is number => typeof value === "number"));
  assertType<Equals<typeof numbers, Flow<number>>>();
  const lengths = pipe(
    shapes,
    filter((shape): shape is Shape & { kind: "line" } => shape.kind === "line"),
    map((line) => line.length),
  );
  assertType<Equals<typeof lengths, Flow<number>>>();
  const stage = filter(isText);
  assertType<Equals<typeof stage, Stage<unknown, string>>>();
}

export function predicatesKeepTheType(mixed: (string | number)[]): void {
  const plain = pipe(mixed, filter((value) => value !== 1));
  assertType<Equals<typeof plain, Flow<string | number>>>();
  const later = pipe(mixed, filter(async (value) => await Promise.resolve(value) !== 1));
  assertType<Equals<typeof later, Flow<string | number>>>();

  // @ts-expect-error: a number is no answer
  filter((value: number) => value);
  // @ts-expect-error: the predicate takes texts, and there are numbers
  pipe(mixed, filter((value: string) => value.length > 1));
  // @ts-expect-error: a predicate is missing
  filter();
}

export function stagesPassTypesOn(source: AsyncIterable<number>): void {
  const taken = pipe(source, take(2));
  assertType<Equals<typeof taken, Flow<number>>>();
  const dropped = pipe(["a"], drop(2));
  assertType<Equals<typeof dropped, Flow<string>>>();
  const shown = pipe(source, tap((n) => n.toFixed()));
  assertType<Equals<typeof shown, Flow<number>>>();
  const waited = pipe(source, tap(async (n) => await Promise.resolve(n)));
  assertType<Equals<typeof waited, Flow<number>>>();
  const texts = pipe(source, scan((text: string, n) => text + n.toFixed(), ""));
  assertType<Equals<typeof texts, Flow<string>>>();
  const later = pipe(source, map(async (n) => await Promise.resolve(String(n))));
  assertType<Equals<typeof later, Flow<string>>>();

  // @ts-expect-error: a count is a number
  take("2");
  // @ts-expect-error: the start is missing
  scan((sum: number, n: number) => sum + n);
  // @ts-expect-error: the result is no start for the next
  scan((_: number, n: number) => String(n), 0);
  // @ts-expect-error: a number has no length
  pipe(source, tap((n) => n.length));
  // @ts-expect-error: a text does not come out of a stage of numbers
  pipe(source, map((n) => n + 1), tap((text: string) => text.length));
}

export async function nineStages(source: Flow<number>): Promise<void> {
  const nine = pipe(
    source,
    map((n) => n + 1),
    filter((n) => n > 1),
    take(9),
    drop(1),
    scan((sum, n: number) => sum + n, 0),
    tap((n) => n.toFixed()),
    map((n) => n.toString()),
    batch({ size: 2 }),
    async function* (pairs: AsyncIterable<string[]>) {
      for await (const [first] of pairs) yield first;
    },
  );
  assertType<Equals<typeof nine, Flow<string | undefined>>>();
  const values = await collect(nine);
  assertType<Equals<typeof values, (string | undefined)[]>>();
}

export function stagesStandAlone(source: AsyncIterable<number>): void {
  const odd = filter((n: number) => n % 2 === 1)(source);
  assertType<Equals<typeof odd, AsyncIterable<number>>>();
  const ahead = from(take<number>(3)(source), { capacity: 1 });
  assertType<Equals<typeof ahead, Flow<number>>>();
}
