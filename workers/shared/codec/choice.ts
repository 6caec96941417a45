/**
 * Which codec a channel has.
 *
 * @module
 */
import { check } from "../../../internal/checks.ts";
import { AutoCodec } from "./auto.ts";
import type { Codec, Memory } from "./codec.ts";
import { JsonCodec } from "./json.ts";
import { BytesCodec, type OwnCodec } from "./own.ts";
import type { Schema, SchemaOf } from "./schema.ts";

/** How values of type `T` become bytes; see `SharedChannelOptions.codec`. */
export type CodecOption<T> = "auto" | "json" | SchemaOf<T> | OwnCodec<T>;

/** One for each memory: what it knows of shapes serves all channels. */
const autos = new WeakMap<Memory, AutoCodec>();

/**
 * The codec that `option` says, for this thread and this memory.
 *
 * @throws {TypeError} If `option` is none.
 */
export function codecOf<T>(memory: Memory, option: CodecOption<T> = "auto"): Codec<T> {
  const auto = autoOf(memory);
  if (option === "auto") return auto as Codec<unknown> as Codec<T>;
  if (option === "json") return new JsonCodec(auto) as Codec<unknown> as Codec<T>;
  const rule =
    'options.codec must be "auto", "json", a schema, or an object with encode and decode';
  check(typeof option === "object" && option !== null && !Array.isArray(option), rule, option);
  return isOwn<T>(option)
    ? new BytesCodec<T>(memory, option)
    : auto.forSchema<T>(option as unknown as Schema);
}

function autoOf(memory: Memory): AutoCodec {
  const known = autos.get(memory);
  if (known !== undefined) return known;
  const auto = new AutoCodec(memory);
  autos.set(memory, auto);
  return auto;
}

function isOwn<T>(option: SchemaOf<T> | OwnCodec<T>): option is OwnCodec<T> {
  const { encode, decode } = option as Partial<OwnCodec<T>>;
  return typeof encode === "function" && typeof decode === "function";
}
