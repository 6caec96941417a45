/**
 * What the codecs of SharedChannel cost: encode and decode on one thread, in shared memory, against
 * structuredClone and JSON. All take turns, round by round; by processor time, so other work on the machine
 * does not count.
 *
 *   node bench/shared_codec.mjs [FOLDER]      FOLDER: dist (default on Node), or the sources (on Deno)
 */
import process from "node:process";
import { pathToFileURL } from "node:url";

const SOURCES = "Deno" in globalThis;
const folder = process.argv[2] ?? (SOURCES ? "." : "dist");
const file = `workers/shared/codec/choice.${SOURCES ? "ts" : "js"}`;
const { codecOf } = await import(new URL(file, pathToFileURL(`${folder}/`)));

const ROUNDS = 15;
/** Milliseconds of processor time of a round. */
const ROUND = 20;
const AT = 1 << 20;
const LIMIT = 1 << 16;

function createMemory() {
  const memory = new WebAssembly.Memory({
    initial: 64,
    maximum: 64,
    shared: true,
  });
  const { buffer } = memory;
  let top = 1 << 16;
  return {
    bytes: new Uint8Array(buffer),
    words: new Int32Array(buffer),
    floats: new Float64Array(buffer),
    view: new DataView(buffer),
    memory,
    allocate: (bytes) => (top += bytes) - bytes,
    free() {},
  };
}

const several = (make) => Array.from({ length: 64 }, (_, i) => make(i));
const item = (i) => ({
  id: i,
  name: `item-${i % 90 + 10}`,
  values: [i, 1.5, 2, 3, 4, 5, 6, 7],
});
const user = (i) => ({
  id: 1234567 + i,
  login: `somebody${i}`,
  gravatar: "",
  url: `https://api.example.com/${i}`,
});
const event = (i) => ({
  id: `2489651${i}`,
  type: "PushEvent",
  actor: user(i),
  repo: {
    id: 28688495,
    name: "owner/repository",
    url: "https://api.example.com/owner/repository",
  },
  payload: {
    push: 536863970,
    size: 1,
    ref: "refs/heads/main",
    commits: [{
      sha: "6b089eb4a43f728f0a594388092f480f2ecacfcd",
      author: user(i),
      message: "Fix it",
      last: true,
    }],
  },
  public: true,
  created: "2015-01-01T15:00:01Z",
});
const VALUES = {
  number: several((i) => i * 1.5),
  object: several(item),
  string20: several((i) => `twenty characters ${i}`),
  string1k: several((i) => "abcdefgh".repeat(128) + i),
  event: several(event),
  objects64: several((i) => several((j) => item(64 * i + j))),
  bytes1k: several(() => new Uint8Array(1024)),
  numbers1k: several((i) => Array.from({ length: 1000 }, (_, j) => i + j / 2)),
};
const ITEM = { id: "i32", name: "string", values: "f64[]" };
const SCHEMAS = { object: ITEM };

const memory = createMemory();
const codecs = (
  option,
) => [codecOf(memory, option), codecOf({ ...memory }, option)];
const there = ([here, there]) => (value) => there.decode(AT, here.encode(value, AT, LIMIT));
const onlyThere = ([here]) => (value) => here.encode(value, AT, LIMIT);

function contenders(name) {
  const auto = codecs("auto");
  return {
    clone: structuredClone,
    JSON: (value) => JSON.parse(JSON.stringify(value)),
    auto: there(auto),
    "auto: encode": onlyThere(auto),
    json: there(codecs("json")),
    ...SCHEMAS[name] && { schema: there(codecs(SCHEMAS[name])) },
  };
}

let sink = 0;

/** Each has a loop of its own: the engine learns what it does. */
const loopOf = (step) =>
  new Function(
    "step",
    "values",
    "keep",
    `return (n) => {
    for (let i = 0; i < n; i++) keep(step(values[i & 63]));
  }`,
  ).bind(undefined, step);

function measured(run, n) {
  const { user, system } = process.cpuUsage();
  run(n);
  const used = process.cpuUsage();
  return (used.user - user + used.system - system) * 1000 / n;
}

function prepare(step, values) {
  const run = loopOf(step)(
    values,
    (copy) => sink += copy === undefined ? 1 : 0,
  );
  let n = 64;
  while (measured(run, n) * n < ROUND * 1e6 && n < 1e8) n *= 2;
  return { run, n, times: [] };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

console.log(
  `ns a value, there and back (x structuredClone); ${process.version}`,
);
for (const [name, values] of Object.entries(VALUES)) {
  const lanes = Object.entries(contenders(name))
    .map(([who, step]) => ({ who, ...prepare(step, values) }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const lane of lanes) lane.times.push(measured(lane.run, lane.n));
  }
  const floor = lanes[0].times;
  const cells = lanes.map(({ who, times }) => {
    const ratio = median(times.map((time, i) => floor[i] / time));
    return `${who} ${median(times).toFixed(0)} (${ratio.toFixed(1)})`;
  });
  console.log(`${name.padEnd(10)} ${cells.join("   ")}`);
}
if (sink < 0) console.log(sink);
