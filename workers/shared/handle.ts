/**
 * How what lives in shared memory travels to another thread: as its handle, plain data that can be cloned,
 * of which the same thing is made there.
 *
 * @module
 */
import { show } from "../../internal/checks.ts";

/** Answers the handle of a thing that lives in shared memory. */
export const HANDLE: unique symbol = Symbol("handle");

/**
 * Memory for all threads: that of WebAssembly, or a buffer where there is none. Not by its name, which only the types
 * of browsers and of Node declare.
 */
export type SharedMemory = { readonly buffer: ArrayBuffer | SharedArrayBuffer } | SharedArrayBuffer;

/** Where something lives in shared memory. */
export interface SharedHandle {
  /** What it is: the name under which its class is registered. */
  readonly kind: string;
  readonly memory: SharedMemory;
  /** Bytes from the beginning of the memory. */
  readonly offset: number;
  /** Which of those that have lived there. */
  readonly generation: number;
}

/** Something that travels as its handle. */
export interface Handled {
  [HANDLE](): SharedHandle;
}

/** Whether `value` travels as its handle. */
export function isHandled(value: object): value is Handled {
  return HANDLE in value;
}

const kinds = new Map<string, (handle: SharedHandle) => unknown>();

/** Tells how the things of one kind are made of their handles. */
export function registerKind(kind: string, open: (handle: SharedHandle) => unknown): void {
  kinds.set(kind, open);
}

/**
 * What lives at `handle`.
 *
 * @throws {TypeError} If the class of such things was not loaded in this thread.
 */
export function opened(handle: SharedHandle): unknown {
  const open = kinds.get(handle.kind);
  if (open === undefined) {
    throw new TypeError(`Cannot open a handle of an unknown kind: ${show(handle.kind)}`);
  }
  return open(handle);
}
