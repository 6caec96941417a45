/**
 * The fields of schemas that are not records: how they are written and read.
 *
 * @module
 */
import { show } from "../../../internal/checks.ts";
import { Refusal } from "./refusal.ts";
import type { PartReader, Write } from "./codec.ts";
import { writeView } from "./special_writer.ts";

/** How one field is written and read. */
export interface Part {
  readonly write: Write<unknown>;
  readonly read: (reader: PartReader) => unknown;
  /** Where and why `value` does not fit, if it does not: "value.size is not a number". */
  readonly fault: (value: unknown, path: string) => string | undefined;
}

/** Says no to a value that does not fit; `fault` tells later where it is. */
export function unfit(value: unknown): never {
  throw new Refusal(value, "does not fit the schema");
}

/** A part that is no object of parts. */
function leaf(
  what: string,
  is: (value: unknown) => boolean,
  write: Write<never>,
  read: Part["read"],
): Part {
  return {
    write: write as Write<unknown>,
    read,
    fault: (value, path) => is(value) ? undefined : `${path} is not ${what}: ${show(value)}`,
  };
}

const BOOL = leaf(
  "a boolean",
  (value) => typeof value === "boolean",
  (writer, value: boolean, at) =>
    typeof value === "boolean" ? writer.word(at, value ? 1 : 0) : unfit(value),
  (reader) => reader.word() === 1,
);

const I32 = leaf(
  "a whole number of 32 bits",
  (value) => value === ((value as number) | 0),
  (writer, value: number, at) => value === (value | 0) ? writer.word(at, value) : unfit(value),
  (reader) => reader.word(),
);

const U32 = leaf(
  "a whole number from 0 to 2^32 - 1",
  (value) => value === ((value as number) >>> 0),
  (writer, value: number, at) => value === (value >>> 0) ? writer.word(at, value) : unfit(value),
  (reader) => reader.word() >>> 0,
);

const F64 = leaf(
  "a number",
  (value) => typeof value === "number",
  (writer, value: number, at) =>
    typeof value === "number" ? writer.double(at, value) : unfit(value),
  (reader) => reader.double(),
);

const STRING = leaf(
  "a string",
  (value) => typeof value === "string",
  (writer, value: string, at) =>
    typeof value === "string" ? writer.string(value, at) : unfit(value),
  (reader) => reader.read(),
);

const BYTES = leaf(
  "a Uint8Array",
  (value) => value instanceof Uint8Array,
  (writer, value: Uint8Array, at) =>
    value instanceof Uint8Array ? writeView(writer, value, at) : unfit(value),
  (reader) => reader.read(),
);

/** An array of what is written as one part. */
export function arrayPart(part: Part): Part {
  const { write, read } = part;
  return {
    write(writer, value, at) {
      if (!Array.isArray(value)) unfit(value);
      const values = value as readonly unknown[];
      const { length } = values;
      let to = writer.word(at, length);
      for (let i = 0; i < length; i++) to = write(writer, values[i], to);
      return to;
    },
    read(reader) {
      const values: unknown[] = [];
      for (let count = reader.word(); count > 0; count--) values.push(read(reader));
      return values;
    },
    fault: (value, path) => arrayFault(part, value, path),
  };
}

function arrayFault(part: Part, value: unknown, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path} is not an array: ${show(value)}`;
  for (let i = 0; i < value.length; i++) {
    const fault = part.fault(value[i], `${path}[${i}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const F64S: Part = {
  write(writer, value, at) {
    const to = Array.isArray(value) ? writer.numbers(value, at) : -1;
    return to < 0 ? unfit(value) : to;
  },
  read: (reader) => reader.numbers(),
  fault: (value, path) => arrayFault(F64, value, path),
};

function both(one: Part, many = arrayPart(one)): { readonly one: Part; readonly many: Part } {
  return { one, many };
}

/** By the names of the fields' types. */
export const FIELD_PARTS: ReadonlyMap<string, { readonly one: Part; readonly many: Part }> =
  new Map([
    ["bool", both(BOOL)],
    ["i32", both(I32)],
    ["u32", both(U32)],
    ["f64", both(F64, F64S)],
    ["string", both(STRING)],
    ["bytes", both(BYTES)],
  ]);
