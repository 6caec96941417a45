/**
 * What a task and the thread that it runs in say to each other.
 *
 * @module
 */
import type { Words } from "./bridge_wire.ts";
import type { Parcel, Place } from "./parcel.ts";
import type { EncodedError } from "./remote_error.ts";

/** What the thread is told. */
export type TaskOrder =
  | TaskOpening
  /** About the channels. */
  | { readonly type: "words"; readonly words: Words }
  /** Nobody wants the result any more. */
  | { readonly type: "cancel"; readonly reason: EncodedError };

/** What the thread is told first. */
export interface TaskOpening {
  readonly type: "task";
  readonly version: number;
  /** The address of the user's module. */
  readonly module: string;
  /** The name of the export. */
  readonly export: string;
  readonly args: readonly unknown[];
  /** What belongs among the arguments. */
  readonly places: readonly Place[];
}

/** What the thread answers. It exits after a result or an error. */
export type TaskAnswer =
  | { readonly type: "words"; readonly words: Words }
  | { readonly type: "result" } & Parcel
  | { readonly type: "threw"; readonly error: EncodedError }
  /** The module could not be imported, or nobody caught an error. */
  | { readonly type: "failed"; readonly reason: string; readonly error: EncodedError };
