// What a user of plain JavaScript does with the main entry, in the ways that end early.
import assert from "node:assert/strict";
import { after, Channel, ChannelClosedError, from, pipe, select } from "millrace";

const jobs = new Channel(2);
const produce = async () => {
  for (let n = 1; n <= 5; n++) await jobs.send(n);
  jobs.close();
  jobs.close();
};
void produce();
const seen = [];
for await (const n of jobs) {
  seen.push(n);
  if (n === 2) break;
}
for await (const n of jobs) seen.push(n);
assert.deepEqual(seen, [1, 2, 3, 4, 5]);
await assert.rejects(jobs.send(6), ChannelClosedError);

const quiet = new Channel();
const late = await select({ job: quiet, late: after(5) });
assert.deepEqual(late, { key: "late", done: false, value: undefined });
await assert.rejects(quiet.recv({ timeout: 5 }), { name: "TimeoutError" });
const controller = new AbortController();
const waiting = quiet.recv({ signal: controller.signal });
controller.abort("enough");
assert.equal(await waiting.catch((reason) => reason), "enough");

let closed = false;
async function* count() {
  try {
    for (let n = 0;; n++) yield n;
  } finally {
    closed = true;
  }
}
async function* failing(input) {
  for await (const n of input) {
    if (n === 3) throw new Error("three");
    yield n;
  }
}
await assert.rejects(async () => {
  for await (const _ of pipe(from(count()), failing));
}, /three/);
assert.equal(closed, true);
console.log("done");
