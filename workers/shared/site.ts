/**
 * Where a primitive lies in the shared memory: made, and opened by its handle.
 *
 * Its memory is never given back: a handle is plain data that may lie in a message while no thread has the
 * primitive open, and nothing says that it is needed no more, as the end of a channel does.
 *
 * @module
 */
import { check } from "../../internal/checks.ts";
import { nameOf as nameIn, type PrimitiveOptions } from "../../sync/name.ts";
import { nameOf } from "./channel_memory.ts";
import { codecOf } from "./codec/choice.ts";
import { Domain } from "./domain.ts";
import { registerKind, type SharedHandle, type SharedMemory } from "./handle.ts";
import { GENERATION, KIND, NAME } from "./layout.ts";
import { Openings } from "./openings.ts";
import { hold } from "./threads.ts";

/** Where a shared primitive is, as plain data: it can be posted, and opened in any thread. */
export interface PrimitiveHandle<K extends string> {
  /** What it is the handle of. */
  readonly kind: K;
  /** The memory that the threads share. */
  readonly memory: SharedMemory;
  /** Where the primitive lies in it. */
  readonly offset: number;
  /** Which of those that have lain there. */
  readonly generation: number;
}

/** One primitive, as this thread sees it. */
export interface Site {
  readonly domain: Domain;
  /** Index of its first word. */
  readonly at: number;
  readonly name: string | undefined;
  readonly handle: PrimitiveHandle<string>;
}

/** What a new primitive is like. */
export interface Plan<K extends string> {
  readonly kind: K;
  /** What stands in its word `KIND`. */
  readonly code: number;
  /** Bytes of its object. */
  readonly bytes: number;
  /** Writes what is not 0. */
  fill?(words: Int32Array, at: number, domain: Domain): void;
}

const openings = new Openings<object>();
/** The site of the primitive that is being opened, for its constructor, which the user calls to make one. */
let opening: Site | undefined;
/** In place of this thread's own, for tests. */
let home: Domain | undefined;

/** The site of `primitive`, which is being constructed: a new one, unless it is being opened. */
export function siteFor(
  primitive: object,
  options: PrimitiveOptions,
  plan: () => Plan<string>,
): Site {
  const site = opening ?? makeSite(plan(), nameIn(options));
  opening = undefined;
  openings.add(site.domain, site.handle.offset, primitive);
  return site;
}

/**
 * Opens the primitive of a handle; answers the same object every time.
 *
 * @param codes What may stand in its word `KIND`.
 * @throws {TypeError} If the handle is none of that kind.
 */
export function openSite<C extends object>(
  handle: SharedHandle,
  of: { readonly kind: string; readonly title: string; readonly codes: readonly number[] },
  construct: () => C,
): C {
  check(handle?.kind === of.kind, `handle must be the handle of a ${of.title}`, handle);
  const domain = home ?? Domain.of(handle.memory);
  const { offset } = handle;
  const code = domain.atoms.load(domain.words, (offset >> 2) + KIND);
  check(of.codes.includes(code), `handle must be the handle of a ${of.title}`, handle);
  const known = openings.find(domain, handle);
  if (known !== undefined) return known as C;
  hold(domain, offset, domain.self);
  const name = nameOf(domain, offset);
  opening = { domain, at: offset >> 2, name, handle: handle as PrimitiveHandle<string> };
  try {
    return construct();
  } finally {
    opening = undefined;
  }
}

/** Tells how the primitives of a kind are opened in a thread to which they have travelled. */
export function registerPrimitive(kind: string, from: (handle: never) => unknown): void {
  registerKind(kind, (handle) => from(handle as never));
}

/** Makes and opens primitives as another thread with its own `domain` would; for tests. */
export function within<R>(domain: Domain, make: () => R): R {
  const before = home;
  home = domain;
  try {
    return make();
  } finally {
    home = before;
  }
}

function makeSite(plan: Plan<string>, name: string | undefined): Site {
  const domain = home ?? Domain.own;
  const { atoms, words, memory } = domain;
  const offset = domain.allocate(plan.bytes), at = offset >> 2;
  words.fill(0, at, at + Math.ceil(plan.bytes / 4));
  plan.fill?.(words, at, domain);
  words[at + GENERATION] = 1;
  if (name !== undefined) words[at + NAME] = writeName(domain, name);
  hold(domain, offset, domain.self);
  atoms.store(words, at + KIND, plan.code);
  domain.enroll(offset);
  return { domain, at, name, handle: { kind: plan.kind, memory, offset, generation: 1 } };
}

function writeName(domain: Domain, name: string): number {
  const room = 64 + 4 * name.length;
  const block = domain.allocate(room);
  domain.words[block >> 2] = codecOf<unknown>(domain).encode(name, block + 8, room - 8);
  return block;
}
