/** The runtime's own Web Streams, in their fastest form: the stream asks its source when it has room. */
import { flows } from "./webstream_flows.mjs";
import { readArrays } from "./workload.mjs";

export const leavesOut =
  "no send: the stream pulls; one reader, no rendezvous, no select; no merge, no concurrent map";

async function consume(readable) {
  let sum = 0;
  for await (const value of readable) sum += value;
  return sum;
}

function pulled(capacity, n) {
  let i = 0;
  return new ReadableStream({
    pull(controller) {
      if (i < n) controller.enqueue(i++);
      else controller.close();
    },
  }, new CountQueuingStrategy({ highWaterMark: capacity }));
}

function spsc(capacity) {
  return (n) => consume(pulled(capacity, n));
}

/** Nobody waits: all is in the stream before it is read. */
function pushed(n) {
  return consume(
    new ReadableStream({
      start(controller) {
        for (let i = 0; i < n; i++) controller.enqueue(i);
        controller.close();
      },
    }),
  );
}

async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

export const scenarios = {
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded1024_spsc: spsc(1024),
  bounded_spsc: (n) => consume(pulled(n, n)),
  unbounded_spsc: pushed,
  array_loop: (n) => readArrays(n, (array) => consume(ReadableStream.from(array))),
  from_gen: (n) => consume(ReadableStream.from(generate(n))),
  ...flows,
};
