import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { drop, filter, from, map, pipe, scan, take, tap } from "../../mod.ts";
import { LAWS, laws } from "./laws.ts";
import { same } from "./sources.ts";

test("LAWS gives each law a name of its own", () => {
  const names = LAWS.map(({ name }) => name);

  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});

laws("from()", (source) => from(source), { made: (received) => received });
laws("from({ capacity: 3 })", (source) => from(source, { capacity: 3 }), {
  // A synchronous source makes a value when it is taken.
  made: (received, timing) => timing === "now" ? received : received + 3,
});
laws("pipe()", (source) => pipe(source), {
  made: (received, timing) => timing === "now" ? received : received + 1,
});
laws("pipe() of a generator", (source) => pipe(from(source), same), {
  made: (received) => received + 1,
});
laws("pipe() of two generators", (source) => pipe(from(source), same, same), {
  made: (received) => received + 2,
});

laws("map()", (source, spy) => pipe(from(source), map((n) => (spy(n), n))), {
  calls: true,
  made: (received) => received,
});
laws(
  "map() that answers later",
  (source, spy) => pipe(from(source), map((n) => Promise.resolve(n).then((n) => (spy(n), n)))),
  {
    calls: true,
    made: (received) => received,
  },
);
laws("filter()", (source, spy) => pipe(from(source), filter((n) => (spy(n), n % 2 === 1))), {
  calls: true,
  gives: (n) => Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i + 1),
  made: (received) => 2 * received - 1,
});
laws(
  "filter() that answers later",
  (source, spy) =>
    pipe(from(source), filter((n) => Promise.resolve(n).then((n) => (spy(n), n % 2 === 1)))),
  {
    calls: true,
    gives: (n) => Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i + 1),
    made: (received) => 2 * received - 1,
  },
);
laws(
  "scan()",
  (source, spy) => pipe(from(source), scan((sum: number, n: number) => (spy(n), sum + n), 0)),
  {
    calls: true,
    gives: (n) => Array.from({ length: n }, (_, i) => (i + 1) * (i + 2) / 2),
    made: (received) => received,
  },
);
laws("tap()", (source, spy) => pipe(from(source), tap(spy)), {
  calls: true,
  made: (received) => received,
});
laws("drop(2)", (source) => pipe(from(source), drop(2)), {
  gives: (n) => Array.from({ length: Math.max(n - 2, 0) }, (_, i) => i + 3),
  made: (received) => received + 2,
});
laws("take(10)", (source) => pipe(from(source), take(10)), { made: (received) => received });
laws("take(4)", (source) => pipe(from(source), take(4)), {
  gives: (n) => Array.from({ length: Math.min(n, 4) }, (_, i) => i + 1),
  made: (received) => received,
  deviations: [{
    reason: "the error comes after its end",
    laws: ["reports an error of its source after what came before it"],
  }],
});
laws("five folded stages", (source, spy) =>
  pipe(
    from(source),
    tap(spy),
    map((n) => n + 1),
    filter((n) => n > 2),
    scan((_: number, n: number) => n - 1, 0),
    take(10),
  ), {
  calls: true,
  gives: (n) => Array.from({ length: Math.max(n - 1, 0) }, (_, i) => i + 2),
  made: (received) => received + 1,
});
laws(
  "stages between generators",
  (source, spy) => pipe(from(source), same, map((n) => (spy(n), n)), same, tap(() => {})),
  {
    calls: true,
    made: (received) => received + 2,
  },
);
