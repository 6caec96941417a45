/**
 * Records of schemas: how they are written and read.
 *
 * @module
 */
import { show } from "../../../internal/checks.ts";
import { generated, property, put } from "./generated.ts";
import { step } from "./refusal.ts";
import type { PartReader, Write } from "./codec.ts";
import { type Part, unfit } from "./schema_fields.ts";

type Fields = readonly (readonly [key: string, part: Part])[];
type Read = (reader: PartReader) => unknown;

/** A record of these fields. */
export function recordPart(fields: Fields): Part {
  const keys = fields.map(([key]) => key);
  const writes = fields.map(([, part]) => part.write);
  const reads = fields.map(([, part]) => part.read);
  const write = generatedWrite(keys, writes) ?? loopWrite(keys, writes);
  return {
    write(writer, value, at) {
      if (typeof value !== "object" || value === null) unfit(value);
      return write(writer, value, at);
    },
    read: generatedRead(keys, reads) ?? loopRead(keys, reads),
    fault: (value, path) => recordFault(fields, value, path),
  };
}

function recordFault(fields: Fields, value: unknown, path: string): string | undefined {
  if (typeof value !== "object" || value === null) {
    return `${path} is not an object: ${show(value)}`;
  }
  for (const [key, part] of fields) {
    const fault = part.fault((value as Record<string, unknown>)[key], path + step(value, key));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function generatedWrite(
  keys: readonly string[],
  writes: readonly Write<unknown>[],
): Write<unknown> | undefined {
  const steps = keys.map((key, i) => `at = part${i}(writer, value${property(key)}, at);`);
  const text = `(writer, value, at) => { ${steps.join(" ")} return at; }`;
  return generated(writes, text) as Write<unknown> | undefined;
}

function loopWrite(keys: readonly string[], writes: readonly Write<unknown>[]): Write<unknown> {
  return (writer, value, at) => {
    let to = at;
    for (let i = 0; i < keys.length; i++) {
      to = writes[i]!(writer, (value as Record<string, unknown>)[keys[i]!], to);
    }
    return to;
  };
}

function generatedRead(keys: readonly string[], reads: readonly Read[]): Read | undefined {
  const parts = keys.map((key, i) => `${property(key)}: part${i}(reader)`);
  return generated(reads, `reader => ({ ${parts.join(", ")} })`) as Read | undefined;
}

function loopRead(keys: readonly string[], reads: readonly Read[]): Read {
  return (reader) => {
    const record = {};
    for (let i = 0; i < keys.length; i++) put(record, keys[i]!, reads[i]!(reader));
    return record;
  };
}
