/**
 * Where the words of the primitives lie, beside those that every object has: see layout.ts.
 *
 * @module
 */
import { OBJECT_WORDS, RECEIVERS, SENDERS } from "./layout.ts";

// What stands in the word `KIND`; 1 is a channel.
/** A lock, and nothing that it protects. */
export const MUTEX = 2;
/** A semaphore that knows who has its permits. */
export const SEMAPHORE = 3;
/** A semaphore that only counts. */
export const COUNTER = 4;
/** A condition. */
export const CONDITION = 5;
/** An event. */
export const RESET_EVENT = 6;
/** A barrier. */
export const BARRIER = 7;
/** A value, and its lock. */
export const VALUE = 8;
/** An array, and its lock. */
export const ARRAY = 9;

/** How many permits there are, or may be; how many tasks meet. */
export const PERMITS = 4;
/** Which type the data have. */
export const TYPE = 5;
/** Offset in bytes of the mutex of a condition. */
export const MUTEX_OF = 6;
/** Offset in bytes of the data. */
export const DATA = 7;
/** How many elements an array has. */
export const ELEMENTS = 8;
/** All that changes in one step. */
export const CONTENTS = 16;
/** The thread that was served last; only a hint. */
export const TURN = 32;
/** Two words: the threads that wait. */
export const WAITING = RECEIVERS;
/** Two words: the threads that were woken and found nothing, and are to be served before others. */
export const HUNGRY = SENDERS;
/** Words of which each has an owner: one for each permit, or one for each thread. */
export const CELLS = OBJECT_WORDS;
