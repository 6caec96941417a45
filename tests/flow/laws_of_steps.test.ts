/** The laws of the stages that fold: alone, as neighbours, and behind all kinds of sources. */
import { drop, filter, from, map, pipe, scan, type Source, take, tap } from "../../mod.ts";
import { laws } from "./laws.ts";
import type { Timing } from "./operator.ts";

const even = (n: number) => n % 2 === 0;
const evens = (n: number): number[] => Array.from({ length: n >> 1 }, (_, i) => 2 * (i + 1));

/** How a source comes to a stage. */
const WAYS: Record<string, (source: Source<number>) => Source<number>> = {
  "of a flow": (source) => from(source),
  "of a source": (source) => source,
};

for (const [way, given] of Object.entries(WAYS)) {
  // The source that `pipe` makes a flow of runs one value ahead, if it answers later.
  const made = (each: number) => (received: number, timing: Timing): number =>
    each * received + (given === WAYS["of a source"] && timing === "later" ? 1 : 0);

  laws(`map() ${way}`, (source, spy) => pipe(given(source), map((n) => (spy(n), n))), {
    calls: true,
    made: made(1),
  });
  laws(
    `map() that answers later ${way}`,
    (source, spy) => pipe(given(source), map((n) => Promise.resolve(n).then((n) => (spy(n), n)))),
    { calls: true, made: made(1) },
  );
  laws(`filter() ${way}`, (source, spy) => pipe(given(source), filter((n) => (spy(n), even(n)))), {
    calls: true,
    gives: evens,
    made: made(2),
  });
  laws(`take() ${way}`, (source) => pipe(given(source), take(1_000)), { made: made(1) });
  laws(`drop() ${way}`, (source) => pipe(given(source), drop(0)), { made: made(1) });
  laws(
    `scan() ${way}`,
    (source, spy) => pipe(given(source), scan((_, n: number) => (spy(n), n), 0)),
    { calls: true, made: made(1) },
  );
  laws(`tap() ${way}`, (source, spy) => pipe(given(source), tap(spy)), {
    calls: true,
    made: made(1),
  });
  laws(
    `five stages that fold ${way}`,
    (source, spy) =>
      pipe(
        given(source),
        map((n) => n + 1),
        filter((n) => n > 1),
        scan((_, n: number) => n - 1, 0),
        tap(spy),
        take(1_000),
      ),
    { calls: true, made: made(1) },
  );
}
