import { batch, buffer, debounce, flatMap, from, map, pipe, throttle } from "../../mod.ts";
import { laws } from "./laws.ts";
import type { Deviation } from "./operator.ts";

/** The numbers 1 to n in lists of two. */
const pairs = (n: number): number[][] =>
  Array.from(
    { length: Math.ceil(n / 2) },
    (_, i) => [2 * i + 1, 2 * i + 2].filter((m) => m <= n),
  );

/** Each of the numbers 1 to n twice. */
const twice = (n: number): number[] => Array.from({ length: 2 * n }, (_, i) => 1 + (i >> 1));

const ALWAYS_ASKING: Deviation = {
  reason: "its source is always being asked, and who is being asked is not waited for",
  laws: [
    "waits for the finally of its source when the loop is left",
    "waits for the finally of its source at disposal",
    "reports an error of a finally once, to the loop that is left",
    "reports an error of a finally to disposal",
  ],
};

laws(
  "map({ capacity: 2 })",
  (source, spy) => pipe(from(source), map((n) => (spy(n), n), { capacity: 2 })),
  {
    calls: true,
    made: (received) => received + 2,
  },
);
for (const ordered of [true, false]) {
  laws(`map({ concurrency: 3, ordered: ${ordered} })`, (source, spy) =>
    pipe(
      from(source),
      map((n) => Promise.resolve(n).then((n) => (spy(n), n)), { concurrency: 3, ordered }),
    ), {
    calls: true,
    made: (received) => received + 3,
  });
}

laws("flatMap()", (source, spy) => pipe(from(source), flatMap((n) => (spy(n), [n, n]))), {
  calls: true,
  gives: twice,
  made: (received) => Math.ceil(received / 2),
});
laws("flatMap() that answers later", (source, spy) =>
  pipe(
    from(source),
    flatMap((n) => Promise.resolve(n).then((n) => (spy(n), [n, n]))),
  ), {
  calls: true,
  gives: twice,
  made: (received) => Math.ceil(received / 2),
});
laws("flatMap() of generators", (source, spy) =>
  pipe(
    from(source),
    flatMap(async function* (n) {
      spy(n);
      yield n;
      yield n;
    }),
  ), {
  calls: true,
  gives: twice,
  made: (received) => Math.ceil(received / 2),
});
laws(
  "flatMap({ concurrency: 2 })",
  (source, spy) => pipe(from(source), flatMap((n) => (spy(n), [n]), { concurrency: 2 })),
  {
    calls: true,
    made: (received) => received + 2,
  },
);

laws("batch({ size: 2 })", (source) => pipe(from(source), batch({ size: 2 })), {
  gives: pairs,
  made: (received) => 2 * received,
});
laws("batch({ size: 2, ms: 100 })", (source) => pipe(from(source), batch({ size: 2, ms: 100 })), {
  gives: pairs,
  made: (received) => 2 * received + 2,
  ms: 100,
});

laws("debounce()", (source) => pipe(from(source), debounce(100)), {
  gives: (n) => n > 0 ? [n] : [],
  made: () => 5,
  eager: 5,
  ms: 100,
  deviations: [ALWAYS_ASKING],
});
laws("throttle()", (source) => pipe(from(source), throttle(100)), {
  gives: (n) => n > 0 ? [1] : [],
  made: () => 5,
  eager: 5,
  deviations: [ALWAYS_ASKING],
});

for (const capacity of [0, 3]) {
  laws(`buffer(${capacity})`, (source) => pipe(from(source), buffer(capacity)), {
    made: (received) => received + capacity,
  });
}
for (const overflow of ["drop-oldest", "drop-newest"] as const) {
  laws(`buffer(10, "${overflow}")`, (source) => pipe(from(source), buffer(10, overflow)), {
    made: () => 5,
    eager: 5,
    deviations: [ALWAYS_ASKING],
  });
}
