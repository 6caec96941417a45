/**
 * The channel in shared memory: both ends in one thread, and each end in a thread of its own; by either core,
 * and by both at once.
 */
import { idle } from "../../testing/mod.ts";
import type { CoreKind } from "../../workers/shared/core.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { makeIn, openIn, type SharedChannelOptions } from "../../workers/shared/shared_channel.ts";
import { settled } from "../shared/threads_in_one.ts";
import { SHARED_DEVIATIONS } from "./shared_deviations.ts";
import { conformance } from "./suite.ts";

const SMALL = [1, 2, 10];
const LARGE = [1024];

function inOneThread(
  core: CoreKind,
  deviations: keyof typeof SHARED_DEVIATIONS,
  capacities: number[],
) {
  const here = new Domain(createMemory(), { core });
  conformance({
    name: `SharedChannel (${core})`,
    capacities,
    deviations: SHARED_DEVIATIONS[deviations],
    make: <T>(capacity: number, options: SharedChannelOptions<T>) => {
      const channel = makeIn<T>(here, capacity, options);
      return { sender: channel, receiver: channel };
    },
    quiet: idle,
  });
}

function inTwoThreads(
  [mine, its]: readonly [CoreKind, CoreKind],
  deviations: keyof typeof SHARED_DEVIATIONS,
  capacities: number[],
) {
  const memory = createMemory();
  const here = new Domain(memory, { core: mine });
  const there = new Domain(memory, { core: its });
  conformance({
    name: `SharedChannels in two threads (${mine}, ${its})`,
    capacities,
    deviations: SHARED_DEVIATIONS[deviations],
    make: <T>(capacity: number, options: SharedChannelOptions<T>) => {
      const receiver = makeIn<T>(here, capacity, options);
      return { sender: openIn<T>(there, receiver.handle), receiver };
    },
    quiet: () => settled(here, there),
  });
}

inOneThread("fallback", "one", SMALL);
inOneThread("fallback", "largeOne", LARGE);
inOneThread("wasm", "one", SMALL);
inTwoThreads(["fallback", "fallback"], "two", SMALL);
inTwoThreads(["fallback", "fallback"], "largeTwo", LARGE);
inTwoThreads(["wasm", "wasm"], "two", SMALL);
inTwoThreads(["wasm", "fallback"], "two", [1, 2]);
