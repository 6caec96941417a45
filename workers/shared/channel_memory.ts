/**
 * The memory of a channel: made, opened by a handle, and given back.
 *
 * A handle is plain data that may lie around for any time, so the words at its offset must always be those of
 * some channel: only the slots go back to the heap, the rest is kept for further channels of the thread that
 * gave it back. The generation tells whether it is still the one that is meant.
 *
 * @module
 */
import { codecOf, type CodecOption } from "./codec/choice.ts";
import { Domain } from "./domain.ts";
import { freeEnding } from "./endings.ts";
import type { SharedHandle } from "./handle.ts";
import { CHANNEL } from "./kinds.ts";
import {
  BYTES,
  CANCELLED,
  CHANNEL_WORDS,
  CODEC,
  ENDING,
  GENERATION,
  HEAD,
  HOLDERS,
  KIND,
  NAME,
  NO_SLOT,
  PAYLOAD,
  SLOT_BYTES,
  SLOTS,
  TAIL,
} from "./layout.ts";
import { layRing } from "./ring.ts";
import { hold, onBurial } from "./threads.ts";

/** What `ENDING` says of a channel that was closed without an error. */
const CLOSED = 1;
/** How often one looks at a channel that is about to be given back: by a thread that may be dead. */
const LOOKS = 100_000;

/** What a new channel is like. */
export interface ChannelShape {
  readonly capacity: number;
  /** Bytes of payload that a slot holds without a block. */
  readonly bytes: number;
  readonly name?: string | undefined;
  /** How its values become bytes. */
  readonly codec?: CodecOption<never> | undefined;
  /** In which round the positions begin; for tests. */
  readonly round?: number | undefined;
}

/** Offsets of channels that were given back, by domain. */
const kept = new WeakMap<Domain, number[]>();

/** Makes a channel, which this thread holds. Answers its offset. */
export function makeChannel(domain: Domain, shape: ChannelShape): number {
  const { capacity, bytes, name, codec, round = 0 } = shape;
  const { words } = domain;
  const slotBytes = Math.ceil((bytes + PAYLOAD) / 64) * 64;
  const reused = kept.get(domain)?.pop();
  const channel = reused ?? domain.allocate(CHANNEL_WORDS * 4);
  const at = channel >> 2;
  const generation = reused === undefined ? 1 : words[at + GENERATION]!;
  words.fill(0, at, at + CHANNEL_WORDS);
  const slots = domain.allocate(slotBytes * capacity);
  layRing(words, channel, { capacity, slotBytes, slots, round });
  words[at + GENERATION] = generation;
  words[at + BYTES] = slotBytes - PAYLOAD;
  if (name !== undefined) words[at + NAME] = writeData(domain, name);
  if (codec !== undefined && codec !== "auto") words[at + CODEC] = writeCodec(domain, codec);
  hold(domain, channel, domain.self);
  domain.atoms.store(words, at + KIND, CHANNEL);
  if (reused === undefined) domain.enroll(channel);
  return channel;
}

/** Opens the channel of a handle for this thread. Answers whether it is still there. */
export function holdChannel(domain: Domain, { offset, generation }: SharedHandle): boolean {
  const { atoms, words } = domain;
  const at = offset >> 2;
  // The thread may hold the channel that lies there now: a handle of an older one must not let go of that.
  const held = domain.isEnlisted(at + HOLDERS);
  hold(domain, offset, domain.self);
  const is = () => atoms.load(words, at + GENERATION) === generation;
  // 0: somebody is about to give it back, or finds that he must not.
  for (let looks = 0; is() && atoms.load(words, at + KIND) === 0 && looks < LOOKS; looks++);
  const there = atoms.load(words, at + KIND) === CHANNEL && is();
  if (!there && !held) letGo(domain, offset);
  return there;
}

/** This thread uses the channel no more. Gives its memory back if nobody can use it any more. */
export function letGo(domain: Domain, channel: number): void {
  domain.delist((channel >> 2) + HOLDERS);
  reclaim(domain, channel);
}

/** Gives back the memory of a channel that nobody can use any more. */
function reclaim(domain: Domain, channel: number): void {
  const at = channel >> 2;
  if (!isForgotten(domain, at)) return;
  const { atoms, words } = domain;
  if (atoms.compareExchange(words, at + KIND, CHANNEL, 0) !== CHANNEL) return;
  // Whoever opens it says so first, and then looks whether it is still there.
  if (!isForgotten(domain, at)) return void atoms.store(words, at + KIND, CHANNEL);
  if (words[at + ENDING]! > CLOSED && words[at + CANCELLED] === 0) return shrink(domain, at);
  domain.free(words[at + SLOTS]!);
  for (const word of [NAME, CODEC, ENDING, CANCELLED]) freeEnding(domain, at + word);
  atoms.store(words, at + GENERATION, (words[at + GENERATION]! + 1) | 0);
  const list = kept.get(domain) ?? [];
  kept.set(domain, list);
  list.push(channel);
}

/**
 * Of a channel that has failed only the slots are given back: whoever opens it late is not to take it for one that has
 * just ended. All its positions have one slot then, which is never full.
 */
function shrink(domain: Domain, at: number): void {
  const { atoms, words } = domain;
  if (words[at + SLOT_BYTES] !== 0) {
    domain.free(words[at + SLOTS]!);
    words[at + NO_SLOT] = words[at + HEAD]!;
    words[at + SLOTS] = (at + NO_SLOT) * 4;
    words[at + SLOT_BYTES] = 0;
  }
  atoms.store(words, at + KIND, CHANNEL);
}

/** What the channel was named. */
export function nameOf(domain: Domain, channel: number): string | undefined {
  return readData(domain, domain.words[(channel >> 2) + NAME]!) as string | undefined;
}

/**
 * How the values of the channel become bytes.
 *
 * @param own What this thread says.
 * @throws {TypeError} If it has to say something, for the channel has functions of the user's, and does not.
 */
export function codecOptionOf<T>(
  domain: Domain,
  channel: number,
  own: CodecOption<T> | undefined,
): CodecOption<T> | undefined {
  const block = domain.words[(channel >> 2) + CODEC]!;
  if (block !== UNTOLD) return readData(domain, block) as CodecOption<T> | undefined;
  if (own !== undefined) return own;
  throw new TypeError(
    "Cannot open a channel whose codec is made of functions: give it to SharedChannel.from(handle, { codec })",
  );
}

// The dead thread may have been the last that had it.
onBurial((memory, object) => {
  const is = memory.atoms.load(memory.words, (object >> 2) + KIND) === CHANNEL;
  if (is && memory instanceof Domain) reclaim(memory, object);
});

/** Closed, drained, and held by no thread. */
function isForgotten({ atoms, words }: Domain, at: number): boolean {
  if (atoms.load(words, at + HOLDERS) !== 0 || atoms.load(words, at + HOLDERS + 1) !== 0) {
    return false;
  }
  const tail = atoms.load(words, at + TAIL);
  return (tail & 1) !== 0 && tail >>> 1 === atoms.load(words, at + HEAD);
}

/** A codec that is made of functions. */
const UNTOLD = 1;

function writeCodec(domain: Domain, codec: CodecOption<never>): number {
  const functions = typeof codec === "object" &&
    typeof (codec as { encode?: unknown }).encode === "function";
  return functions ? UNTOLD : writeData(domain, codec);
}

/** Puts plain data into a block. */
function writeData(domain: Domain, data: unknown): number {
  for (let room = 256;;) {
    const block = domain.allocate(room);
    const bytes = codecOf<unknown>(domain).encode(data, block + 8, room - 8);
    domain.words[block >> 2] = bytes;
    if (bytes >= 0) return block;
    domain.free(block);
    room = Math.max(2 * room, 8 - bytes);
  }
}

function readData(domain: Domain, block: number): unknown {
  return block === 0
    ? undefined
    : codecOf<unknown>(domain).decode(block + 8, domain.words[block >> 2]!);
}
