// A thousand rows into a file, a hundred to each write.
//
// Watch for: `ms` bounds how long a row waits for company; at the end the incomplete batch is written
// too. While a write is under way the source waits: memory holds two batches, whatever the input.
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batch, map, pipe, reduce } from "../../mod.ts";

const folder = await mkdtemp(join(tmpdir(), "batched-"));
const file = join(folder, "rows.jsonl");

async function* rows(): AsyncGenerator<{ id: number }> {
  for (let id = 1; id <= 1_050; id++) yield { id };
}

async function write(batch: readonly { id: number }[]): Promise<number> {
  await appendFile(file, batch.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return batch.length;
}

const writes: number[] = [];
const total = await reduce(
  pipe(rows(), batch({ size: 100, ms: 10_000 }), map(write)),
  (sum, n) => {
    writes.push(n);
    return sum + n;
  },
  0,
);

const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
await rm(folder, { recursive: true });
console.log(`${total} rows in ${writes.length} writes, the last of ${writes.at(-1)}`);
console.log(`${lines.length} lines, the last: ${lines.at(-1)}`);

// Output:
// 1050 rows in 11 writes, the last of 50
// 1050 lines, the last: {"id":1050}
