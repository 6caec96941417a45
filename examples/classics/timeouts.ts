// Put and get with timeouts, on a queue of one place.
//
// Watch for: an operation that times out has done nothing. The value that could not be put is still its
// sender's, and the value that comes too late for a get is there for the next one.
import { Channel } from "../../mod.ts";

const queue = new Channel<string>(1);

async function put(value: string, timeout: number): Promise<void> {
  try {
    await queue.send(value, { timeout });
    console.log(`put ${value}`);
  } catch (error) {
    console.log(`put ${value}: ${(error as DOMException).name}`);
  }
}

async function get(timeout: number): Promise<void> {
  try {
    const received = await queue.recv({ timeout });
    console.log(received.done ? "get: closed" : `get ${received.value}`);
  } catch (error) {
    console.log(`get: ${(error as DOMException).name}`);
  }
}

await get(10); // nobody puts: ends after 10 ms
await put("rye", 10); // there is room: at once
await put("oats", 10); // nobody gets
await put("oats", 0); // tries once, as put_nowait does
await get(0); // a value that is there beats any timeout
await get(0); // and no oats have come in late

console.log("without a promise:", queue.trySend("wheat"), queue.trySend("maize"), queue.size);
console.log("without a promise:", queue.tryRecv()?.value, queue.tryRecv());

const waiting = get(60_000); // still waits when the value comes
await queue.send("spelt", { timeout: 60_000 });
await waiting; // and nothing holds the process for a minute
queue.close();
await get(10);

// Output:
// get: TimeoutError
// put rye
// put oats: TimeoutError
// put oats: TimeoutError
// get rye
// get: TimeoutError
// without a promise: true false 1
// without a promise: wheat undefined
// get spelt
// get: closed
