import {
  concat,
  from,
  fromReadableStream,
  merge,
  partition,
  tee,
  toReadableStream,
  zip,
} from "../../mod.ts";
import { laws } from "./laws.ts";

laws("merge()", (source) => merge(source), {
  made: (received) => received,
});
laws("merge() with an empty source", (source) => merge([], source), {
  made: (received) => received,
});
laws("zip()", (source) => zip(source), {
  gives: (n) => Array.from({ length: n }, (_, i) => [i + 1]),
  made: (received) => received,
});
laws("zip() with an array", (source) => zip(source, "abcdefghij"), {
  gives: (n) => Array.from({ length: n }, (_, i) => [i + 1, "abcdefghij"[i]]),
  made: (received) => received,
});
laws("concat()", (source) => concat([], source, []), { made: (received) => received });
laws("tee() into one", (source) => tee(source, 1)[0], { made: (received) => received });
laws("partition() into one", (source) => partition(source, 1)[0], {
  made: (received) => received,
});
laws("partition() by a key", (source, spy) => partition(source, 1, (n) => (spy(n), n))[0], {
  calls: true,
  made: (received) => received,
});
laws("a stream and back", (source) => fromReadableStream(toReadableStream(from(source))), {
  made: (received) => received,
  deviations: [{
    reason: "a stream is cancelled at once, also during a read",
    laws: ["waits at disposal for a source that owes an answer"],
  }],
});
