// What a page uses: the main entry alone. Whoever bundles it looks for a `node:` in the result.
import { after, Channel, collect, map, pipe, select } from "millrace";

const words = new Channel<string>(1);
void words.send("race");
const first = await select({ word: words, late: after(10_000) });
const lengths = await collect(pipe(["a", "bb"], map((word) => word.length)));
if (first.value !== "race" || lengths.join() !== "1,2") throw new Error("not what was sent");
console.log("done");
