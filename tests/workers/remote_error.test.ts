import { assert, assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { decodeError, encodeError, uncloneable } from "../../workers/remote_error.ts";

function travel(error: unknown): unknown {
  return decodeError(structuredClone(encodeError(error)));
}

test("decodeError() builds an error of the same built-in class", () => {
  const classes = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  for (const Class of classes) {
    const sent = new Class("text");

    const received = travel(sent);

    assertInstanceOf(received, Class);
    const { name, message, stack } = received;
    assertEquals({ name, message, stack }, {
      name: sent.name,
      message: "text",
      stack: sent.stack ?? "",
    });
    assertEquals(Object.keys(received), []);
  }
});

test("decodeError() keeps the name, the message and the code of a DOMException", () => {
  const sent = new DOMException("too late", "TimeoutError");

  const received = travel(sent);

  assertInstanceOf(received, DOMException);
  assertEquals([received.name, received.message, received.code], [
    sent.name,
    "too late",
    sent.code,
  ]);
});

test("decodeError() keeps the chain of causes, and what else an error has", () => {
  const cause = new TypeError("inner", { cause: { plain: [1, 2] } });
  const sent = Object.assign(new Error("outer", { cause }), {
    code: "ENOENT",
    errno: -2,
    detail: new Map([[1, 2]]),
  });

  const received = travel(sent) as typeof sent & { cause: Error };

  assertEquals([received.code, received.errno, received.detail], ["ENOENT", -2, new Map([[1, 2]])]);
  assertInstanceOf(received.cause, TypeError);
  assertEquals(received.cause.cause, { plain: [1, 2] });
  assertEquals(Object.keys(received), ["code", "errno", "detail"]);
});

test("decodeError() keeps a cause that is undefined apart from none", () => {
  assertEquals("cause" in (travel(new Error("a", { cause: undefined })) as Error), true);
  assertEquals("cause" in (travel(new Error("a")) as Error), false);
});

test("decodeError() keeps an error that is its own cause", () => {
  const sent: Error & { other?: Error } = new Error("ring");
  sent.cause = sent;
  sent.other = new Error("other", { cause: sent });

  const received = travel(sent) as typeof sent;

  assertStrictEquals(received.cause, received);
  assertStrictEquals(received.other?.cause, received);
});

test("encodeError() gives text for a property that cannot be cloned", () => {
  const sent = Object.assign(new Error("a"), { retry: () => {}, socket: Promise.resolve() });

  const received = travel(sent) as typeof sent;

  assertEquals([typeof received.retry, typeof received.socket], ["string", "string"]);
});

test("encodeError() keeps values that are no errors", () => {
  for (const thrown of [undefined, null, 0, "text", { a: 1 }]) {
    assertEquals(travel(thrown), thrown);
  }
  assert(typeof travel(() => {}) === "string");
});

test("encodeError() keeps an error whose getters throw", () => {
  const sent = new RangeError("a");
  const refuse = (): never => {
    throw new TypeError("no");
  };
  // The stack first: making it reads the name.
  Object.defineProperty(sent, "stack", { get: refuse });
  Object.defineProperty(sent, "name", { get: refuse });
  Object.defineProperty(sent, "detail", { get: refuse, enumerable: true });

  const received = travel(sent);

  assertInstanceOf(received, Error);
  const { name, message, stack } = received;
  assertEquals([name, message, stack], ["Error", "a", "Error: a"]);
  assertEquals("detail" in received, true);
});

test("encodeError() keeps an error whose message is no text", () => {
  const sent = Object.defineProperty(new Error(), "message", { value: Object.create(null) });

  assertEquals((travel(sent) as Error).message, "");
});

test("encodeError() gives text for what refuses everything", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  assertEquals(travel(proxy), "an object");
});

test("encodeError() reads a property once: it can be cloned afterwards", () => {
  let reads = 0;
  const detail = Object.defineProperty({}, "n", {
    enumerable: true,
    get() {
      if (reads++ > 0) throw new Error("once");
      return 1;
    },
  });

  const received = travel(Object.assign(new Error("a"), { detail })) as Error & { detail: unknown };

  assertEquals(received.detail, { n: 1 });
});

test("encodeError() cuts off a chain of causes that no stack could hold", () => {
  let sent = new Error("0");
  for (let i = 1; i < 20_000; i++) sent = new Error(`${i}`, { cause: sent });

  let received = travel(sent);
  let depth = 0;
  for (; received instanceof Error; depth++) received = received.cause;

  assertEquals([depth, received], [101, "Error: 19898"]);
});

test("encodeError() takes apart an error that is frozen", () => {
  const sent = Object.freeze(Object.assign(new TypeError("a"), { code: "E" }));

  assertEquals((travel(sent) as typeof sent).code, "E");
});

test("decodeError() defines properties that cannot be set", () => {
  const late = new DOMException("a", "AbortError");
  Object.defineProperty(late, "code", { value: "E_LATE", enumerable: true });
  const odd = Object.defineProperty(new Error("a"), "__proto__", { value: {}, enumerable: true });

  assertEquals((travel(late) as { code: unknown }).code, "E_LATE");
  assertInstanceOf(travel(odd), Error);
});

test("decodeError() keeps the class of an error that has errors, too", () => {
  const sent = Object.assign(new TypeError("a"), { errors: [new RangeError("b"), { path: "c" }] });
  const text = Object.assign(new TypeError("a"), { errors: "b" });

  const received = travel(sent) as typeof sent;

  assertEquals([received.constructor, received.name], [TypeError, "TypeError"]);
  assertInstanceOf(received.errors[0], RangeError);
  assertEquals(received.errors[1], { path: "c" });
  assertEquals((travel(text) as typeof text).errors, "b");
});

test("uncloneable() names a part that cannot be read", () => {
  const value = {
    rows: [{
      get x(): never {
        throw new RangeError("no x");
      },
    }],
  };

  const error = uncloneable("Cannot send", "value", value, new RangeError("no x"));

  assertEquals(error.message, "Cannot send: value.rows[0].x cannot be read: no x");
});

test("uncloneable() comes to an end with a value that has none", () => {
  const endless = (): object => ({
    get next() {
      return { ...endless(), run() {} };
    },
  });
  const value = Object.defineProperty({}, "next", { get: endless, enumerable: true });

  const error = uncloneable("Cannot send", "value", value, undefined);

  assertEquals(error.name, "DataCloneError");
});
