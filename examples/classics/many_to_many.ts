// Three producers, four consumers, and nobody sends a sentinel.
//
// Watch for: who closes. No producer can, for the others may still be sending. So they are counted, and
// whoever waits for the count closes, once for all. Each of the four loops then ends by itself.
import { Channel, WaitGroup } from "../../mod.ts";

const sacks = new Channel<string>(2);
const producers = new WaitGroup();

async function produce(name: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await sacks.send(`${name}${n}`);
  producers.done();
}

async function consume(): Promise<string[]> {
  const taken: string[] = [];
  for await (const sack of sacks) taken.push(sack);
  return taken;
}

async function closeWhenDone(): Promise<void> {
  await producers.wait();
  console.log("closed by the one who counts");
  sacks.close();
}

const fields = { barley: 3, rye: 5, wheat: 4 };
for (const [name, count] of Object.entries(fields)) {
  producers.add(); // before it begins, or the wait could be over too early
  void produce(name, count);
}
const consumers = [consume(), consume(), consume(), consume()];
await closeWhenDone();
const shares = await Promise.all(consumers);

console.log("consumers that have ended:", shares.length);
const taken = shares.flat().sort();
for (const name of Object.keys(fields)) {
  console.log(taken.filter((sack) => sack.startsWith(name)).join(" "));
}

// Output:
// closed by the one who counts
// consumers that have ended: 4
// barley1 barley2 barley3
// rye1 rye2 rye3 rye4 rye5
// wheat1 wheat2 wheat3 wheat4
