/**
 * Where everything lies in the shared memory, and nothing else.
 *
 * The unit is the word of 32 bits, unless a name says bytes. Whatever several threads write often has a line
 * of its own, so that threads do not take each other's cache lines away for nothing. An **object** (a
 * channel, a mutex) is named by its offset in bytes, a multiple of 64; the names below are to be added to
 * the index of its first word.
 *
 * @module
 */

/** Bytes of a cache line. */
export const LINE = 64;

// The first line of the memory.
/** Says that a memory is one of these. */
export const MAGIC = 0;
/** Of this layout. */
export const VERSION = 1;
/** Where the heap ends, in lines: below are blocks, above is untouched memory. */
export const TOP = 2;
/** Where the codec keeps the shapes of objects; 0 until there is one. */
export const SHAPES = 3;
/** How many lines the memory has. */
export const LINES = 4;
/** Two words that no other memory has: one memory comes to a thread as many objects. */
export const IDENTITY = 5;

/** The value of `MAGIC`. */
export const MAGIC_VALUE = 0x6d696c6c;
/** The value of `VERSION`. */
export const VERSION_VALUE = 1;

/** How many threads can use a memory at once: each has one bit in masks of two words. */
export const THREADS = 64;
/** Word where the records of the threads begin. */
export const FIRST_THREAD = 16;
/** Words of the record of a thread. */
export const THREAD_WORDS = 64;

// The record of a thread.
/** What the slot is, one of the four below, and from bit 2 on how often it has been given away. */
export const STATE = 0;
/** Counts wakes; the one word that a thread waits on. It is odd, see `RING`. */
export const BELL = 1;
/** What the bell said before the thread went to sleep; 0 if it never has. */
export const ASLEEP = 2;
/** The block that only this thread knows, between allocation and publication, or between pop and free. */
export const HAND = 3;
/** Offset in bytes of memory for this thread's use alone, and how many bytes. */
export const SCRATCH = 4;
/** Bytes of the scratch. */
export const SCRATCH_BYTES = 5;
/** Blocks that others have freed, but this thread has made: others push to it, and only this thread takes from it. */
export const RETURNED = 16;
/** One list of free blocks for each size; only the thread itself touches them. */
export const FREE_LISTS = 17;
/** How many sizes of blocks there are: 128, 192, 256, 384 bytes and so on. */
export const SIZES = 47;

/** Nobody has the slot. */
export const FREE = 0;
/** A thread has it. */
export const LIVE = 1;
/** Its thread is dead, and is being cleared away. */
export const DEAD = 2;
/** It is kept for a thread that is about to start. */
export const RESERVED = 3;

/** What is added to a bell. The first one is 1, so that no bell is 0. */
export const RING = 2;

/** Word where the heap begins. */
export const FIRST_BLOCK = FIRST_THREAD + THREADS * THREAD_WORDS;

// A block: one line before the bytes that are handed out.
/** Index of its size, and from bit 8 on the thread whose lists it goes back to. */
export const BLOCK_SIZE = 0;
/** The next one in a list of free blocks, as offset in bytes of what is handed out. */
export const BLOCK_NEXT = 1;
/** 1 if an object lies in it, whose masks may hold bits of a dead thread. */
export const BLOCK_IS_OBJECT = 2;

// Every object begins so. What has no use for a word leaves it 0.
/** Which class it is of. */
export const KIND = 0;
/** Goes into handles. */
export const GENERATION = 1;
/** Two words: a bit for each thread that has it open. */
export const HOLDERS = 2;
/** Two words: the threads that wait to receive, or for whatever an object has only one of. */
export const RECEIVERS = 48;
/** Two words: the threads that wait to send. */
export const SENDERS = 64;
/** Words of an object before its own data. */
export const OBJECT_WORDS = 80;

// A channel.
/** How many values it holds. */
export const CAPACITY = 4;
/** A power of two above the capacity: positions of one slot in two rounds differ by it. */
export const LAP = 5;
/** Bytes of a slot. */
export const SLOT_BYTES = 6;
/** Offset in bytes of the first slot. */
export const SLOTS = 7;
/** 0 while open; 1 when closed; else the block that holds the error of `fail`. */
export const ENDING = 8;
/** 0; or 1, or the block of the reason, when cancelled. */
export const CANCELLED = 9;
/** The block that holds the name, or 0. */
export const NAME = 10;
/** Bytes of payload that a slot holds. */
export const BYTES = 11;
/** 0 for `"auto"`; the block that holds the codec's description; or 1, if it has none that could be told. */
export const CODEC = 12;
/** The stamp of the one slot that is left when the slots were given back. */
export const NO_SLOT = 13;
/** Where the next value goes, times 2; bit 0 says that the channel is closed. */
export const TAIL = 16;
/** Where the next value comes from. */
export const HEAD = 32;
/** Word where the slots of a channel begin, if they follow it directly. */
export const CHANNEL_WORDS = OBJECT_WORDS;

// A slot. Its payload begins at byte 8.
/** Who may use it: p, free for the send at position p; p + 1, full; p + lap, free in the next round. */
export const STAMP = 0;
/** The header of the value. */
export const HEADER = 1;
/** Byte of a slot at which the payload begins. */
export const PAYLOAD = 8;

/** Positions and stamps have 31 bits. */
export const POSITIONS = 0x7fffffff;

// The header of a value. It is never negative.
/** How many bytes the payload has. Bits 28 and 29 belong to the codec. */
export const LENGTH = 0x0fffffff;
/** The slot holds the offset of a block, and the block the payload. */
export const IN_BLOCK = 1 << 30;
