/** The bridged channel: with one end in another thread, and with each end in a thread of its own. */
import { Channel } from "../../mod.ts";
import { Bridge, quiet } from "../workers/bridges.ts";
import type { Ends, Kind } from "./kind.ts";
import { PORT_DEVIATIONS } from "./port_deviations.ts";
import { conformance } from "./suite.ts";

const bridges = new Map<unknown, Bridge[]>();

const row: Omit<Kind, "name" | "make" | "deviations"> = {
  capacities: [0, 1, 2, 10, Infinity],
  quiet,
  release(ends) {
    for (const bridge of bridges.get(ends) ?? []) bridge.close();
    bridges.delete(ends);
  },
};

function remember<T>(ends: Ends<T>, ...its: Bridge[]): Ends<T> {
  bridges.set(ends, its);
  return ends;
}

conformance({
  ...row,
  name: "PortChannel that sends",
  deviations: PORT_DEVIATIONS.sends,
  make: (capacity, options) => {
    const channel = new Channel(capacity, options);
    const bridge = new Bridge();
    return remember({ sender: bridge.open(channel), receiver: channel }, bridge);
  },
});

conformance({
  ...row,
  name: "PortChannel that receives",
  deviations: PORT_DEVIATIONS.receives,
  make: (capacity, options) => {
    const channel = new Channel(capacity, options);
    const bridge = new Bridge();
    return remember({ sender: channel, receiver: bridge.open(channel) }, bridge);
  },
});

conformance({
  ...row,
  name: "PortChannels in two threads",
  capacities: [0, 1, 10],
  deviations: PORT_DEVIATIONS.both,
  make: (capacity, options) => {
    const channel = new Channel(capacity, options);
    const [there, here] = [new Bridge(), new Bridge()];
    const ends = { sender: there.open(channel), receiver: here.open(channel) };
    return remember(ends, there, here);
  },
});
