/** The channel in memory owes the whole suite. */
import { Channel } from "../../mod.ts";
import { type Counted, counts } from "../unit/counts.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "Channel",
  make: (capacity, options) => {
    const channel = new Channel(capacity, options);
    return { sender: channel, receiver: channel };
  },
  capacities: [0, 1, 2, 10, Infinity],
  deviations: [],
  inspect: ({ sender }) => void counts(sender as unknown as Counted, true),
});
