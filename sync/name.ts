/**
 * Names of primitives, for errors and inspection.
 *
 * @module
 */
import { check, checkOptions, show } from "../internal/checks.ts";

/** What every primitive can be told. */
export interface PrimitiveOptions {
  /** For errors and for inspection, as with `parked` of `millrace/testing`. */
  readonly name?: string | undefined;
}

/** The name among the options, checked. */
export function nameOf(options: PrimitiveOptions): string | undefined {
  checkOptions(options);
  const { name } = options;
  check(name === undefined || typeof name === "string", "options.name must be a string", name);
  return name;
}

/** A primitive as it stands in a message: `a mutex`, `mutex "db"`. */
export function titled(kind: string, name: string | undefined): string {
  return name === undefined ? `a ${kind}` : `${kind} ${show(name)}`;
}
