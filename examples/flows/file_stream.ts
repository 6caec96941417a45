// A file, line by line, through a compressor and back: Node's streams and the web's are sources and ends.
//
// Watch for: nothing is read before the end asks for it, and whoever leaves early closes the file.
import { createReadStream } from "node:fs";
import { collect, filter, fromReadableStream, map } from "../../mod.ts";
import { pipe, take, toReadableStream } from "../../mod.ts";

const file = new URL("../../LICENSE", import.meta.url);

async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const [...whole] = (rest + chunk).split("\n");
    rest = whole.pop() ?? "";
    yield* whole;
  }
  if (rest !== "") yield rest;
}

const text = pipe(
  createReadStream(file, { encoding: "utf8", highWaterMark: 64 }) as AsyncIterable<string>,
  lines,
  filter((line) => line !== ""),
  map((line) => new TextEncoder().encode(`${line}\n`)),
);
const small = toReadableStream(text).pipeThrough(new CompressionStream("gzip"));
const again = fromReadableStream(small.pipeThrough(new DecompressionStream("gzip")));
const decoder = new TextDecoder();

const [title] = await collect(
  pipe(again, map((bytes) => decoder.decode(bytes, { stream: true })), lines, take(1)),
);
console.log(title);

// Output:
// MIT License
