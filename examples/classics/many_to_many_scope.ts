// The same with scopes: M producers and N consumers, of whom one may fail.
//
// Watch for: two brackets in place of a count. The inner one ends with the last producer, so what follows
// it closes. When a producer fails, the others are aborted where they wait, and the error comes out once.
import { Channel, scope } from "../../mod.ts";

type Producer = (send: (sack: string) => Promise<void>) => Promise<void>;

/** All that the producers send, taken by four consumers. */
async function mill(producers: readonly Producer[]): Promise<string[]> {
  const sacks = new Channel<string>(2);
  const taken: string[] = [];
  await scope((all) => {
    for (let n = 0; n < 4; n++) {
      void all.go(async () => {
        for await (const sack of sacks) taken.push(sack);
      });
    }
    void all.go(async (signal) => {
      try {
        await scope((inner) => {
          for (const produce of producers) {
            void inner.go((signal) => produce((sack) => sacks.send(sack, { signal })));
          }
        }, { signal });
      } finally {
        sacks.close(); // in a finally: the consumers' loops must end in any case
      }
    });
  });
  return taken.sort();
}

const field = (name: string, count: number): Producer => async (send) => {
  for (let n = 1; n <= count; n++) await send(`${name}${n}`);
};
const forEver: Producer = async (send) => {
  for (;;) await send("oats"); // ends only because its signal is aborted
};
const burnt: Producer = async (send) => {
  await send("maize1");
  throw new Error("the maize is burnt");
};

console.log((await mill([field("barley", 2), field("rye", 3), field("wheat", 2)])).join(" "));
await mill([forEver, burnt, forEver]).catch((error: Error) => console.log(error.message));
console.log("all have ended");

// Output:
// barley1 barley2 rye1 rye2 rye3 wheat1 wheat2
// the maize is burnt
// all have ended
