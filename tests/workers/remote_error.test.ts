import { assert, assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { decodeError, encodeError } from "../../workers/remote_error.ts";

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
