// A stage in threads, to its end and left early; afterwards the process ends by itself.
import assert from "node:assert/strict";
import { pipe } from "millrace";
import { inWorkers } from "millrace/workers";

const module = new URL("square.mjs", import.meta.url);

const squares = [];
for await (
  const n of pipe(
    [1, 2, 3, 4],
    inWorkers(module, { threads: 2, ordered: true }),
  )
) {
  squares.push(n);
}
assert.deepEqual(squares, [1, 4, 9, 16]);

for await (const n of pipe(endless(), inWorkers(module, { threads: 2 }))) {
  if (n > 10) break;
}

await assert.rejects(async () => {
  for await (const _ of pipe([1, "two"], inWorkers(module, { threads: 1 })));
}, { name: "TypeError", stack: /square\.mjs/ });
console.log("done");

function* endless() {
  for (let n = 0;; n++) yield n;
}
