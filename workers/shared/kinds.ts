/**
 * The kinds of objects in shared memory: what stands in their word `KIND`, and in their handles.
 *
 * @module
 */

/** A channel. */
export const CHANNEL = 1;
