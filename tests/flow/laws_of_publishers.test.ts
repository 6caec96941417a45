/**
 * The laws of the flows whose values are pushed: those of every operator, with somebody who pushes what a
 * source gives, and those of pushes.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { type Flow, pipe } from "../../mod.ts";
import { laws } from "./laws.ts";
import { PUSH_LAWS, pushLaws } from "./laws_of_pushes.ts";
import {
  BroadcastPublisher,
  EmitterPublisher,
  END,
  METHODS,
  publish,
  type Publisher,
  TargetPublisher,
} from "./laws_publishers.ts";
import type { Deviation, Make } from "./operator.ts";

test("PUSH_LAWS gives each law a name of its own", () => {
  const names = PUSH_LAWS.map(({ name }) => name);

  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});

const PUSHED: readonly Deviation[] = [
  {
    reason: "it is there from the call on, and who pushes does not wait for a receive",
    laws: ["does not touch its source before the first receive"],
  },
  {
    reason: "who pushes is nobody's source, and not waited for",
    laws: [
      "waits for the finally of its source when the loop is left",
      "waits for the finally of its source at disposal",
      "reports an error of a finally once, to the loop that is left",
      "reports an error of a finally to disposal",
      "waits at disposal for a source that owes an answer",
    ],
  },
];

/** Who pushes learns that nobody listens by a push, and one that is silent by nothing. */
const SILENT: Deviation = {
  reason: "who pushes and is silent does not learn that nobody is subscribed any more",
  laws: [
    "break",
    "a throw in the loop",
    "break in a loop over batches",
    "return()",
    "[Symbol.asyncDispose]()",
    "cancel()",
    "[Symbol.dispose]()",
  ].map((end) => `closes its source once at ${end}`),
};

/** Nobody is called while a broadcast delivers, so nobody can meddle. */
const NOBODY_CALLED: Deviation = {
  reason: "a broadcast calls nobody while it delivers",
  laws: ["takes nothing of a push in which it is ended", "takes a push that is made in a push"],
};

/** A target tells nothing but events. */
const ENDLESS: Deviation = {
  reason: "a target has no end",
  laws: ["ends after what came before the end"],
};

/** What `make` pushes of a source comes to the flow that `given` makes of the subscription. */
function pushed(
  make: () => Publisher,
  given: (flow: Flow<unknown>, publisher: Publisher) => Flow<unknown> = (flow) => flow,
): Make {
  return (source) => {
    const publisher = make();
    const flow = given(publisher.subscribe(), publisher);
    void publish(source, publisher);
    return flow;
  };
}

for (const capacity of [0, 1, 3]) {
  const make = () => new BroadcastPublisher({ capacity });
  const name = `Broadcast.subscribe({ capacity: ${capacity} })`;
  laws(name, pushed(make), {
    // One more is in the hand of who sends.
    made: (received) => received + capacity + 1,
    deviations: PUSHED,
  });
  pushLaws(name, make, { capacity, overflow: "wait", deviations: [NOBODY_CALLED] });
}
for (const overflow of ["drop-oldest", "drop-newest"] as const) {
  const name = (capacity: number) =>
    `Broadcast.subscribe({ capacity: ${capacity}, "${overflow}" })`;
  laws(name(10), pushed(() => new BroadcastPublisher({ capacity: 10, overflow })), {
    made: () => 5,
    eager: 5,
    deviations: [...PUSHED, SILENT],
  });
  for (const capacity of [1, 3]) {
    pushLaws(name(capacity), () => new BroadcastPublisher({ capacity, overflow }), {
      capacity,
      overflow,
      deviations: [NOBODY_CALLED],
    });
  }
}

/** Gives the numbers in events, and ends with the event that stands for the end. */
function untilEnd(flow: Flow<unknown>, publisher: Publisher): Flow<unknown> {
  return pipe(flow, async function* (events: AsyncIterable<unknown>) {
    for await (const event of events) {
      const n = publisher.read(event);
      if (n === END) return;
      yield n;
    }
  });
}

type Bounds = { capacity?: number; overflow?: "drop-oldest" | "drop-newest" };

const TARGETS: Record<string, (bounds: Bounds) => Publisher> = {
  "a target": (bounds) => new TargetPublisher(bounds),
};
for (const [kind, methods] of Object.entries(METHODS)) {
  TARGETS[`an emitter with ${kind}`] = (bounds) => new EmitterPublisher(bounds, methods);
}

for (const [of, make] of Object.entries(TARGETS)) {
  // A target has no end, so a stage ends the flow.
  for (const bounds of [{}, { capacity: 10 }] as const) {
    const shown = "capacity" in bounds ? `, capacity ${bounds.capacity}` : "";
    laws(`fromEvent() of ${of}${shown}, in a pipe`, pushed(() => make(bounds), untilEnd), {
      made: () => 5,
      eager: 5,
      deviations: PUSHED,
    });
  }

  const deviations = of === "a target"
    ? [ENDLESS, {
      reason: "a target has no error",
      laws: ["fails with the error itself after what came before it, and stops listening"],
    }]
    : [ENDLESS];
  pushLaws(`fromEvent() of ${of}`, () => make({}), {
    capacity: Infinity,
    overflow: "drop-oldest",
    deviations,
  });
  for (const overflow of ["drop-oldest", "drop-newest"] as const) {
    pushLaws(
      `fromEvent({ capacity: 2, "${overflow}" }) of ${of}`,
      () => make({ capacity: 2, overflow }),
      { capacity: 2, overflow, deviations },
    );
  }
}
