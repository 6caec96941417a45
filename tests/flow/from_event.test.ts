import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { collect, type Flow, fromEvent, map, pipe, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { takeAndLeave } from "./sources.ts";

class Tick extends Event {
  readonly n: number;

  constructor(n: number) {
    super("tick");
    this.n = n;
  }
}

/** A target that counts what was added and what was taken away. */
class CountingTarget extends EventTarget {
  added = 0;
  removed = 0;

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.added++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.removed++;
    super.removeEventListener(...args);
  }
}

/** As much of a signal as is asked of one. */
class CountingSignal extends EventTarget implements AbortSignal {
  readonly aborted = false;
  readonly reason = undefined;
  readonly onabort = null;
  listeners = 0;

  throwIfAborted(): void {}

  override addEventListener(): void {
    this.listeners++;
  }

  override removeEventListener(): void {
    this.listeners--;
  }
}

/** The bare methods that emitters had before Node's. */
class OldEmitter {
  readonly #emitter = new EventEmitter();

  addListener(type: string | symbol, listener: (...args: unknown[]) => void): void {
    this.#emitter.on(type, listener);
  }

  removeListener(type: string | symbol, listener: (...args: unknown[]) => void): void {
    this.#emitter.off(type, listener);
  }

  emit(type: string, ...args: unknown[]): void {
    this.#emitter.emit(type, ...args);
  }

  listenerCount(type: string): number {
    return this.#emitter.listenerCount(type);
  }
}

test("fromEvent() listens from the call on and gives the events of a target in order", async () => {
  const target = new EventTarget();

  const ticks = fromEvent<Tick>(target, "tick");
  for (const n of [1, 2, 3]) target.dispatchEvent(new Tick(n));
  target.dispatchEvent(new Event("other"));

  assertEquals((await takeAndLeave(ticks, 3)).map(({ n }) => n), [1, 2, 3]);
});

test("fromEvent() gives an event that comes while a receive waits", async () => {
  const target = new EventTarget();
  const ticks = fromEvent<Tick>(target, "tick");

  const received = select({ tick: ticks });
  await idle();
  const tick = new Tick(1);
  target.dispatchEvent(tick);

  assertStrictEquals((await settled(received)).value, tick);
});

for (const Kind of [EventEmitter, OldEmitter]) {
  test(`fromEvent() gives the arguments of an ${Kind.name}, always as an array`, async () => {
    const emitter = new Kind();

    const flow = fromEvent(emitter, "data");
    emitter.emit("data", 1);
    emitter.emit("data");
    emitter.emit("data", 1, "two");

    assertEquals(await takeAndLeave(flow, 3), [[1], [], [1, "two"]]);
    assertEquals([emitter.listenerCount("data"), emitter.listenerCount("error")], [0, 0]);
  });

  test(`fromEvent() fails with the error event of an ${Kind.name}, after its values`, async () => {
    const emitter = new Kind();
    const error = new Error("emitted");
    const flow = fromEvent<[number]>(emitter, "data");

    emitter.emit("data", 1);
    emitter.emit("error", error);

    assertEquals(await settled(flow.recv()), RECEIVED([1] as [number]));
    assertStrictEquals(await rejection(flow.recv()), error);
    assertEquals([emitter.listenerCount("data"), emitter.listenerCount("error")], [0, 0]);
  });
}

test("fromEvent() takes symbols, and the error event as any other", async () => {
  const emitter = new EventEmitter();
  const type = Symbol("type");
  const flows = [fromEvent(emitter, type), fromEvent(emitter, "error")] as const;

  emitter.emit(type, 1);
  assertEquals(await settled(flows[0].recv()), RECEIVED([1]));
  flows[0].cancel();
  emitter.emit("error", "broken");

  assertEquals(await settled(flows[1].recv()), RECEIVED(["broken"]));
});

const ENDS: { readonly [way: string]: (flow: Flow<unknown>, stop: AbortController) => unknown } = {
  "cancel()": (flow) => flow.cancel(),
  "disposal": (flow) => flow[Symbol.asyncDispose](),
  "break": (flow) => takeAndLeave(flow, 1),
  "break downstream": (flow) => takeAndLeave(pipe(flow, map((x: unknown) => x)), 1),
  "its signal": (_, stop) => stop.abort("stop"),
};

for (const [way, end] of Object.entries(ENDS)) {
  test(`fromEvent() takes its listener away once when it is ended by ${way}`, async () => {
    const target = new CountingTarget();
    const stop = new AbortController();
    const flow = fromEvent(target, "tick", { signal: stop.signal });
    target.dispatchEvent(new Tick(1));

    await end(flow, stop);
    flow.cancel();
    stop.abort();
    target.dispatchEvent(new Tick(2));
    await idle();

    assertEquals([target.added, target.removed, flow.size], [1, 1, 0]);
  });
}

test("fromEvent() takes its listener away in the same call", () => {
  const emitter = new EventEmitter();
  const flow = fromEvent(emitter, "data");
  assertEquals([emitter.listenerCount("data"), emitter.listenerCount("error")], [1, 1]);

  flow.cancel();

  assertEquals([emitter.listenerCount("data"), emitter.listenerCount("error")], [0, 0]);
});

test("fromEvent() with a signal gives the events that wait, and then fails with the reason", async () => {
  const target = new EventTarget();
  const stop = new AbortController();
  const flow = fromEvent<Tick>(target, "tick", { signal: stop.signal });
  target.dispatchEvent(new Tick(1));

  stop.abort("stop");
  target.dispatchEvent(new Tick(2));

  assertEquals((await settled(flow.recv())).value?.n, 1);
  assertEquals(await rejection(flow.recv()), "stop");
  assertEquals(await rejection(collect(flow)), "stop");
});

test("fromEvent() ends a receive that waits when its signal is aborted", async () => {
  const stop = new AbortController();
  const flow = fromEvent(new EventTarget(), "tick", { signal: stop.signal });
  const received = watch(flow.recv());

  stop.abort("stop");
  await idle();

  assertEquals([received.reason, flow.closed], ["stop", true]);
});

test("fromEvent() with an aborted signal never listens", async () => {
  const target = new CountingTarget();

  const flow = fromEvent(target, "tick", { signal: AbortSignal.abort("stop") });

  assertEquals([target.added, target.removed], [0, 0]);
  assertEquals(await rejection(flow.recv()), "stop");
});

test("fromEvent() with a capacity drops by its policy, the oldest by default, and counts", async () => {
  const target = new EventTarget();
  const flows = [
    fromEvent<Tick>(target, "tick"),
    fromEvent<Tick>(target, "tick", { capacity: 2 }),
    fromEvent<Tick>(target, "tick", { capacity: 2, overflow: "drop-newest" }),
  ];

  for (let n = 1; n <= 5; n++) target.dispatchEvent(new Tick(n));

  const values = flows.map(async (flow) => (await flow.recvMany(9)).map(({ n }) => n));
  assertEquals(await settled(Promise.all(values)), [[1, 2, 3, 4, 5], [4, 5], [1, 2]]);
  assertEquals(flows.map(({ missed }) => missed), [0, 3, 3]);
});

test("fromEvent() of a signal gives its abort", async () => {
  const controller = new AbortController();
  const aborts = fromEvent(controller.signal, "abort");

  controller.abort("stop");

  assertEquals((await settled(aborts.recv())).value?.type, "abort");
  aborts.cancel();
  assertEquals(await settled(aborts.recv()), DONE);
});

test("fromEvent() leaves no listener on an emitter whose own code ends the flow", async () => {
  for (const type of ["data", "error"]) {
    const emitter = new EventEmitter();
    const stop = new AbortController();
    emitter.on("newListener", (added) => {
      if (added === type) stop.abort("stop");
    });

    const flow = fromEvent(emitter, "data", { signal: stop.signal });

    assertEquals(await rejection(flow.recv()), "stop");
    assertEquals([emitter.listenerCount("data"), emitter.listenerCount("error")], [0, 0]);
  }
});

test("fromEvent() keeps what it has when a listener before its own ends it", async () => {
  const emitter = new EventEmitter();
  const stop = new AbortController();
  emitter.on("data", (last) => {
    if (last) stop.abort("stop");
  });
  const flow = fromEvent(emitter, "data", { capacity: 1, signal: stop.signal });

  emitter.emit("data", false);
  emitter.emit("data", true);

  assertEquals([await settled(flow.recv()), flow.missed], [RECEIVED([false]), 0]);
  assertEquals(await rejection(flow.recv()), "stop");
});

test("fromEvent() leaves no listener when an emitter refuses one", async () => {
  const listening = new Set<string | symbol>();
  const emitter = {
    on(type: string | symbol): void {
      if (type === "error") throw new Error("refused");
      listening.add(type);
    },
    off: (type: string | symbol): unknown => listening.delete(type),
  };
  const signal = new CountingSignal();

  assertThrows(() => fromEvent(emitter, "data", { signal }), Error, "refused");

  await new Promise((resolve) => setImmediate(resolve)); // the listener of a signal goes a turn later
  assertEquals([listening.size, signal.listeners], [0, 0]);
});

test("fromEvent() throws at once for wrong arguments, and listens to nothing then", () => {
  const target = new CountingTarget();
  const wrong = (options: unknown) => () => fromEvent(target, "tick", options as object);

  for (const bad of [undefined, null, 5, {}, { on() {} }] as unknown as EventTarget[]) {
    assertThrows(() => fromEvent(bad, "tick"), TypeError, "target must be an EventTarget or an");
  }
  for (const type of [5, Symbol("type")] as unknown as string[]) {
    assertThrows(() => fromEvent(target, type), TypeError, "type must be a string: ");
  }
  const none = undefined as unknown as string;
  assertThrows(() => fromEvent(new EventEmitter(), none), TypeError, "a string or a symbol: undef");
  assertThrows(wrong(5), TypeError, "options must be an object: 5");
  assertThrows(wrong({ capacity: 0 }), RangeError, "options.capacity");
  assertThrows(wrong({ overflow: "wait" }), TypeError, "one of drop-oldest, drop-newest");
  assertThrows(wrong({ signal: 5 }), TypeError, "options.signal");
  assertEquals(target.added, 0);
});
