import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { type Scope, scope } from "../../scope/mod.ts";
import { idle } from "../../testing/mod.ts";
import { rejection, settled, watch } from "../unit/watch.ts";
import { gate, obedient } from "./tasks.ts";

const boom = new Error("boom");

test("scope() calls the body before it returns, and resolves with what it gives", async () => {
  let called = false;

  const run = scope(() => {
    called = true;
    return "result";
  });

  assert(called);
  const result: string = await settled(run);
  assertEquals(result, "result");
});

test("scope() resolves with what an async body gives", async () => {
  const result: number = await settled(scope(async (s) => await s.go(async () => await 1) + 1));

  assertEquals(result, 2);
});

test("scope() waits for a task that the body left running", async () => {
  const task = gate();
  const run = watch(scope((s) => {
    s.go(() => task.passed);
    return "result";
  }));
  await idle();
  const before = run.state;

  task.open();
  await idle();

  assertEquals([before, run.state, run.value], ["waiting", "fulfilled", "result"]);
});

test("scope() waits for a task that a task started after the body had ended", async () => {
  const [first, second] = [gate(), gate()];
  const run = watch(scope((s) => {
    s.go(async () => {
      await first.passed;
      s.go(() => second.passed);
    });
  }));

  first.open();
  await idle();
  const before = run.state;
  second.open();
  await idle();

  assertEquals([before, run.state], ["waiting", "fulfilled"]);
});

test("Scope.go() starts the task before it returns, with the scope's signal", async () => {
  await settled(scope((s) => {
    let seen: AbortSignal | undefined;
    s.go((signal) => {
      seen = signal;
    });
    assertStrictEquals(seen, s.signal);
  }));
});

test("Scope.go() resolves with what the task gives", async () => {
  const result = await settled(scope(async (s) => {
    const [text, number]: [string, number] = [
      await s.go(() => "text"),
      await s.go(async () => await 1),
    ];
    return [text, number];
  }));

  assertEquals(result, ["text", 1]);
});

test("Scope.signal is not aborted by a scope that ends well", async () => {
  const s = await settled(scope((s) => s));

  assertFalse(s.signal.aborted);
});

for (const error of [boom, "text", undefined, null, 0, { why: "boom" }]) {
  const shown = error instanceof Error ? "an Error" : JSON.stringify(error);

  test(`scope() rejects with ${shown} that a task throws, itself`, async () => {
    const thrown = await rejection(scope((s) => {
      s.go(obedient);
      s.go(() => Promise.reject(error));
    }));

    assertStrictEquals(thrown, error);
  });
}

test("scope() rejects with the error of the body itself", async () => {
  assertStrictEquals(await rejection(scope(() => Promise.reject(boom))), boom);
});

test("scope() rejects, and does not throw, when the body or a task throws at once", async () => {
  const fail = () => {
    throw boom;
  };

  const runs = [scope(fail), scope((s) => void s.go(fail))];

  assertEquals(await Promise.all(runs.map(rejection)), [boom, boom]);
});

test("the error of a task aborts the scope's signal with itself as the reason", async () => {
  const seen: unknown[] = [];

  await rejection(scope(async (s) => {
    s.go(async (signal) => {
      await obedient(signal).catch((reason) => seen.push(reason));
    });
    await s.go(() => Promise.reject(boom)).catch((error) => seen.push(error));
    seen.push(s.signal.reason);
  }));

  assertEquals(seen.map((it) => it === boom), [true, true, true]);
});

test("the error of the body aborts the tasks", async () => {
  let reason: unknown;

  const thrown = await rejection(scope((s) => {
    s.go((signal) => obedient(signal).catch((it) => reason = it));
    throw boom;
  }));

  assertEquals([thrown === boom, reason === boom], [true, true]);
});

test("an error of a task that the body has caught fails the scope too", async () => {
  const thrown = await rejection(scope(async (s) => {
    await s.go(() => Promise.reject(boom)).catch(() => {});
    return "result";
  }));

  assertStrictEquals(thrown, boom);
});

test("an error of a task that nobody awaits is no unhandled rejection", async () => {
  // The test runner fails a test that leaves one behind.
  await rejection(scope((s) => {
    s.go(() => Promise.reject(boom));
  }));
  await idle();
});

test("an error of a task that the body passes on is one failure", async () => {
  const thrown = await rejection(scope((s) => s.go(() => s.go(() => Promise.reject(boom)))));

  assertStrictEquals(thrown, boom);
});

test("scope() does not reject before all have ended", async () => {
  const cleanUp = gate();
  const run = watch(scope((s) => {
    s.go(async (signal) => {
      await obedient(signal).catch(() => cleanUp.passed);
    });
    s.go(() => Promise.reject(boom));
  }));
  await idle();
  const before = run.state;

  cleanUp.open();
  await idle();

  assertEquals([before, run.state, run.reason], ["waiting", "rejected", boom]);
});

test("tasks that reject with the reason of the abort are no further failures", async () => {
  const thrown = await rejection(scope(async (s) => {
    s.go(obedient);
    s.go(obedient);
    s.go(() => Promise.reject(boom));
    await obedient(s.signal);
  }));

  assertStrictEquals(thrown, boom);
});

test("a task that rejects with an AbortError caused by the reason is no further failure", async () => {
  // As Node's own functions do when their signal is aborted.
  const thrown = await rejection(scope((s) => {
    s.go((signal) =>
      obedient(signal).catch((cause) => {
        throw Object.assign(new Error("The operation was aborted", { cause }), {
          name: "AbortError",
        });
      })
    );
    s.go(() => Promise.reject(boom));
  }));

  assertStrictEquals(thrown, boom);
});

test("scope() rejects with an AggregateError of several failures, the first first and as cause", async () => {
  const [second, third] = [new Error("second"), new Error("third")];

  const thrown = await rejection(scope(async (s) => {
    s.go((signal) => obedient(signal).catch(() => Promise.reject(second)));
    s.go(() => Promise.reject(boom));
    s.go(obedient);
    await obedient(s.signal).catch(async () => {
      for (let i = 0; i < 10; i++) await undefined;
      throw third;
    });
  }));

  assertInstanceOf(thrown, AggregateError);
  assertEquals(thrown.errors.map((it) => it.message), ["boom", "second", "third"]);
  assertStrictEquals(thrown.cause, boom);
  assertStringIncludes(thrown.message, "3 failures");
});

test("a body that wraps the error of a task adds a failure", async () => {
  const thrown = await rejection(scope(async (s) => {
    await s.go(() => Promise.reject(boom)).catch((cause) => {
      throw new Error("wrapped", { cause });
    });
  }));

  assertInstanceOf(thrown, AggregateError);
  assertEquals(thrown.errors.map((it) => it.message), ["boom", "wrapped"]);
});

test("an AbortError that has another cause is a failure", async () => {
  const other = new DOMException("another abort", "AbortError");

  const thrown = await rejection(scope((s) => {
    s.go(() => Promise.reject(boom));
    s.go(() => Promise.reject(other));
  }));

  assertInstanceOf(thrown, AggregateError);
  assertStrictEquals(thrown.errors[1], other);
});

for (const error of [undefined, null, NaN, "text"]) {
  test(`a task that throws ${error} after the abort is a further failure`, async () => {
    const thrown = await rejection(scope((s) => {
      s.go(() => Promise.reject(boom));
      s.go((signal) => obedient(signal).catch(() => Promise.reject(error)));
    }));

    assertInstanceOf(thrown, AggregateError);
    assertEquals(thrown.errors, [boom, error]);
  });
}

test("tasks that throw the same are one failure", async () => {
  const thrown = await rejection(scope((s) => {
    for (let i = 0; i < 3; i++) s.go(() => Promise.reject(undefined));
  }));

  assertEquals(thrown, undefined);
});

test("Scope.go() after a failure rejects with its error, and runs nothing", async () => {
  let ran = false;
  let late: unknown;

  const thrown = await rejection(scope(async (s) => {
    await s.go(() => Promise.reject(boom)).catch(() => {});
    s.go(() => ran = true); // nobody awaits it
    await s.go(() => ran = true).catch((error) => late = error);
  }));

  assertEquals([thrown === boom, late === boom, ran], [true, true, false]);
});

test("Scope.go() after the end of the scope rejects, and runs nothing", async () => {
  const ended = await settled(scope((s) => s));
  let ran = false;

  const error = await rejection(ended.go(() => ran = true));

  assertInstanceOf(error, TypeError);
  assertStringIncludes(error.message, "the scope has ended");
  assertFalse(ran);
});

test("a scope has ended when its last task has, before anyone else hears of it", async () => {
  let late: unknown;
  let ran = false;

  await settled(scope((s) => {
    s.go(async () => await 1).then(() => s.go(() => ran = true)).catch((error) => late = error);
  }));
  await idle();

  assertInstanceOf(late, TypeError);
  assertFalse(ran);
});

test("a scope in a task of another passes its abort on, and is no further failure", async () => {
  let inner: unknown;

  const thrown = await rejection(scope((outer) => {
    outer.go((signal) =>
      scope((s) => void s.go(obedient), { signal }).catch((error) => {
        inner = error;
        throw error;
      })
    );
    outer.go(() => Promise.reject(boom));
  }));

  assertEquals([thrown === boom, inner === boom], [true, true]);
});

for (const wrong of [undefined, null, 5, {}, "body"]) {
  const shown = JSON.stringify(wrong) ?? "undefined";

  test(`scope() throws TypeError at once for ${shown} as the body`, () => {
    assertThrows(() => void scope(wrong as unknown as () => void), TypeError, "body");
  });

  test(`Scope.go() throws TypeError at once for ${shown} as the task`, async () => {
    await settled(scope((s: Scope) => {
      assertThrows(() => void s.go(wrong as unknown as () => void), TypeError, "task");
    }));
  });
}

const WRONG: [unknown, typeof TypeError | typeof RangeError, string][] = [
  [null, TypeError, "options"],
  [5, TypeError, "options"],
  [{ signal: "stop" }, TypeError, "options.signal"],
  [{ signal: null }, TypeError, "options.signal"],
  [{ limit: 0 }, RangeError, "options.limit"],
  [{ limit: -1 }, RangeError, "options.limit"],
  [{ limit: 1.5 }, RangeError, "options.limit"],
  [{ limit: "2" }, TypeError, "options.limit"],
];

for (const [wrong, kind, argument] of WRONG) {
  test(`scope() throws ${kind.name} at once for the options ${JSON.stringify(wrong)}`, () => {
    let ran = false;

    assertThrows(() => void scope(() => ran = true, wrong as object), kind, argument);

    assertFalse(ran);
  });
}
