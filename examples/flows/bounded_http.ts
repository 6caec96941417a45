// 500 requests to a real server, never more than 8 at once.
//
// Watch for: `concurrency` bounds the answers too. A request counts until its answer is taken, so a slow
// loop below slows the requests down, and leaving it aborts those that are under way.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { map, pipe } from "../../mod.ts";

let active = 0;
let most = 0;
const server = createServer((request, response) => {
  most = Math.max(most, ++active);
  setTimeout(() => {
    active--;
    response.end(`page ${request.url?.slice(1)}`);
  }, 1);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

function* pages(): Generator<number> {
  for (let page = 1; page <= 500; page++) yield page;
}

async function get(page: number, signal: AbortSignal): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/${page}`, { signal });
  return await response.text();
}

let count = 0;
let last = "";
for await (const text of pipe(pages(), map(get, { concurrency: 8 }))) {
  count++;
  last = text;
}
await new Promise((resolve) => server.close(resolve));

console.log(`${count} answers, the last: ${last}`); // in the order of the pages
console.log("at once at most 8:", most <= 8);

// Output:
// 500 answers, the last: page 500
// at once at most 8: true
