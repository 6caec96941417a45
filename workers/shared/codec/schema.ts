/**
 * The codec of records whose fields are known: nothing but their values is written.
 *
 * @module
 */
import { check } from "../../../internal/checks.ts";
import type { Codec, Write } from "./codec.ts";
import { refusedFor } from "./refusal.ts";
import type { Reader } from "./reader.ts";
import { arrayPart, FIELD_PARTS, type Part } from "./schema_fields.ts";
import { recordPart } from "./schema_records.ts";
import type { Writer } from "./writer.ts";

/** What a field can be: `f64` is any number, `bytes` a `Uint8Array`. */
export type FieldType = "bool" | "i32" | "u32" | "f64" | "string" | "bytes";
/** A field, an array, a record in the record, or an array of records. */
export type Field = FieldType | `${FieldType}[]` | Schema | readonly [Schema];
/** The fields of a record, by their names. */
export interface Schema {
  /** What the field `name` is. */
  readonly [name: string]: Field;
}

/** The schemas that records of type `T` may have. */
export type SchemaOf<T> = T extends object ? { readonly [K in keyof T]-?: FieldOf<T[K]> } : never;
/** The types that a field with values of type `V` may have. */
export type FieldOf<V> = [V] extends [boolean] ? "bool"
  : [V] extends [number] ? "i32" | "u32" | "f64"
  : [V] extends [string] ? "string"
  : [V] extends [Uint8Array] ? "bytes"
  : [V] extends [readonly (infer E)[]] ? ArrayOf<FieldOf<E>>
  : SchemaOf<V>;
/** The type of an array of what `F` is. */
export type ArrayOf<F> = F extends FieldType ? `${F}[]` : readonly [F];

/** Records of one schema. Other properties than its fields are left out. */
export class SchemaCodec<T> implements Codec<T> {
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #write: Write<unknown>;
  readonly #read: Part["read"];
  readonly #fault: Part["fault"];

  constructor(schema: Schema, writer: Writer, reader: Reader) {
    const { write, read, fault } = partOf(schema, "options.codec");
    this.#writer = writer;
    this.#reader = reader;
    this.#write = write;
    this.#read = read;
    this.#fault = fault;
  }

  encode(value: T, at: number, limit: number): number {
    try {
      return this.#writer.encodeBy(this.#write, value, at, limit);
    } catch (error) {
      const fault = this.#fault(value, "value");
      throw fault === undefined ? error : refusedFor(fault);
    }
  }

  decode(at: number, _bytes: number): T {
    this.#reader.begin(at);
    return this.#read(this.#reader) as T;
  }
}

/** How a field is written and read. */
function partOf(field: Field, name: string): Part {
  if (Array.isArray(field)) {
    const isOne = field.length === 1 && typeof field[0] === "object";
    check(isOne, `${name} must have one schema in its brackets`, field);
    return arrayPart(partOf(field[0] as Schema, `${name}[0]`));
  }
  if (typeof field === "object" && field !== null) {
    const entries = Object.entries(field as Schema);
    return recordPart(entries.map(([key, each]) => [key, partOf(each, `${name}.${key}`)]));
  }
  const text = String(field);
  const part = FIELD_PARTS.get(text.replace(/\[\]$/, ""));
  if (part === undefined) {
    const rule = `${name} must be bool, i32, u32, f64, string or bytes, with [] for an array of it`;
    check(false, `${rule}, or a schema`, field);
  }
  return text.endsWith("[]") ? part!.many : part!.one;
}
