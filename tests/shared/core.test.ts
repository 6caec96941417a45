import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { FULL, OK } from "../../workers/shared/core.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { RECEIVERS } from "../../workers/shared/layout.ts";
import { domainOf, halfDone, put, ringIn, take } from "./rings.ts";

/** Numbers that look random, the same ones each time. */
function* lots(): Generator<number, never> {
  for (let seed = 1;; seed = (seed * 48_271) % 0x7fffffff) yield seed;
}

test("Core is the same ring in WebAssembly and in JavaScript", () => {
  for (const capacity of [1, 2, 3, 7]) {
    const one = domainOf("wasm");
    const cores = [one, domainOf("fallback", one.memory)];
    const channel = ringIn(one, capacity, { round: -1 });
    const lot = lots();
    const model: number[] = [];

    for (let step = 0; step < 2_000; step++) {
      const domain = cores[lot.next().value % 2]!;
      if (lot.next().value % 2 === 0) {
        const expected = model.length < capacity ? OK : FULL;
        assertEquals(put(domain, channel, step), expected);
        if (expected === OK) model.push(step);
      } else {
        assertEquals(take(domain, channel), model.shift());
      }
    }

    assertEquals(halfDone(one, channel), []);
  }
});

test("Core wakes the threads of the other kind", () => {
  const wasm = domainOf("wasm");
  const fallback = domainOf("fallback", wasm.memory);
  const mask = (ringIn(wasm, 1) >> 2) + RECEIVERS;

  for (const [waker, sleeper] of [[wasm, fallback], [fallback, wasm]] as const) {
    const heard = sleeper.bellValue();
    sleeper.enlist(mask);
    sleeper.doze(heard);
    waker.core.wakeOne(mask, waker.self);

    assertEquals(sleeper.isEnlisted(mask), false);
    assertEquals(sleeper.bellValue(), heard + 2);
  }
});

test("Core is the one in JavaScript where memory is a SharedArrayBuffer", () => {
  const { buffer } = createMemory(2 ** 20) as WebAssembly.Memory;
  const copy = new SharedArrayBuffer(buffer.byteLength);
  new Uint8Array(copy).set(new Uint8Array(buffer));

  const domain = new Domain(copy);
  const channel = ringIn(domain, 1);

  assertEquals(domain.core.kind, "fallback");
  assertEquals([put(domain, channel, 1), take(domain, channel)], [OK, 1]);
});

test("Core is chosen without a wish", () => {
  assertEquals(new Domain(createMemory(2 ** 20)).core.kind, "wasm");
});

test("Core.wakeOne() wakes one more for a thread that sleeps but does not hear", () => {
  for (const kind of ["wasm", "fallback"] as const) {
    const domain = domainOf(kind);
    const [dead, alive] = [domainOf(kind, domain.memory), domainOf(kind, domain.memory)];
    const mask = (ringIn(domain, 1) >> 2) + RECEIVERS;
    dead.enlist(mask);
    dead.doze(dead.bellValue());
    alive.enlist(mask);

    const woken = domain.core.wakeOne(mask, domain.self);

    assertEquals([woken, alive.isEnlisted(mask)], [true, false]);
    assertEquals(domain.core.wakeOne(mask, domain.self), false);
  }
});
