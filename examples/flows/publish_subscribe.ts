// One publisher, three subscribers, each with a policy of its own.
//
// Watch for: only those who said "wait" can hold the publisher back. The others lose what they are too
// slow for, each by its own rule, and know exactly how much.
import { Broadcast, collect } from "../../mod.ts";

const prices = new Broadcast<number>();
const ledger = prices.subscribe({ capacity: 2 }); // "wait", which is the default: sees everything
const display = prices.subscribe({ capacity: 1, overflow: "drop-oldest" }); // only the latest counts
const sample = prices.subscribe({ capacity: 3, overflow: "drop-newest" }); // the first few will do

async function publish(): Promise<void> {
  for (let price = 1; price <= 10; price++) await prices.send(price);
  prices.close();
}

const publishing = publish();
const all = await collect(ledger); // the publisher never gets further ahead of it than 2
await publishing;

console.log("ledger:", all.join(" "), "missed", ledger.missed);
console.log("display:", (await collect(display)).join(" "), "missed", display.missed);
console.log("sample:", (await collect(sample)).join(" "), "missed", sample.missed);

// Output:
// ledger: 1 2 3 4 5 6 7 8 9 10 missed 0
// display: 10 missed 9
// sample: 1 2 3 missed 7
