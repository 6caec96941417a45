/**
 * Bare rings in shared memory, of numbers: 8 bytes each.
 *
 * @module
 */
import type { CoreKind } from "../../workers/shared/core.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import type { SharedMemory } from "../../workers/shared/handle.ts";
import { recordOf } from "../../workers/shared/bells.ts";
import {
  BLOCK_IS_OBJECT,
  BLOCK_NEXT,
  CAPACITY,
  FIRST_BLOCK,
  HEAD,
  LAP,
  LINE,
  OBJECT_WORDS,
  RETURNED,
  SCRATCH,
  SIZES,
  SLOT_BYTES,
  SLOTS,
  TAIL,
  THREADS,
  TOP,
} from "../../workers/shared/layout.ts";
import { layRing } from "../../workers/shared/ring.ts";

/** The two cores. */
export const KINDS: readonly CoreKind[] = ["wasm", "fallback"];
/** So few bytes that a test can use them up. */
export const SMALL = 2 ** 23;
/** The last round before the positions of a ring begin again at 0. */
export const LAST_ROUND = -1;

/** A new memory, with one thread in it. */
export function domainOf(core: CoreKind, memory: SharedMemory = createMemory(SMALL)): Domain {
  return new Domain(memory, { core });
}

/** Makes a channel; its offset. */
export function ringIn(
  domain: Domain,
  capacity: number,
  { slotBytes = 128, round = 0 }: { slotBytes?: number; round?: number } = {},
): number {
  const header = OBJECT_WORDS * 4;
  const channel = domain.allocate(header + capacity * slotBytes);
  domain.bytes.fill(0, channel, channel + header);
  layRing(domain.words, channel, { capacity, slotBytes, slots: channel + header, round });
  domain.enroll(channel);
  return channel;
}

/** Pushes a number; what the core says. */
export function put(domain: Domain, channel: number, value: number): number {
  domain.floats[domain.scratch >> 3] = value;
  return domain.core.push(channel, domain.scratch, 8, domain.self, true);
}

/** Pops a number; undefined if there is none. */
export function take(domain: Domain, channel: number): number | undefined {
  const header = domain.core.pop(channel, domain.scratch, domain.self, true);
  return header < 0 ? undefined : domain.floats[domain.scratch >> 3];
}

/** Pops all there is. */
export function drain(domain: Domain, channel: number): number[] {
  const values: number[] = [];
  for (let value = take(domain, channel); value !== undefined; value = take(domain, channel)) {
    values.push(value);
  }
  return values;
}

/** What is wrong with a ring that nobody uses at the moment: one message for each slot that is half done. */
export function halfDone({ words }: Domain, channel: number): string[] {
  const at = channel >> 2;
  const [lap, capacity] = [words[at + LAP]!, words[at + CAPACITY]!];
  const head = words[at + HEAD]!;
  const tail = words[at + TAIL]! >>> 1;
  const problems: string[] = [];
  let position = head;
  for (let i = 0, full = head !== tail; i < capacity; i++) {
    const index = position & (lap - 1);
    const stamp = words[(words[at + SLOTS]! + index * words[at + SLOT_BYTES]!) >> 2]!;
    const expected = full ? position + 1 : position;
    if (stamp !== expected) problems.push(`slot ${index}: ${stamp} instead of ${expected}`);
    position = index + 1 < capacity ? position + 1 : (position - index + lap) & 0x7fffffff;
    if (position === tail) full = false;
  }
  return problems;
}

/** How many blocks of the memory are in no list of free ones, are no object, and nobody's scratch: lost or in use. */
export function blocksInUse(domain: Domain): number {
  const { words } = domain;
  const taken = new Set<number>();
  for (let header = FIRST_BLOCK; header < words[TOP]! * LINE / 4;) {
    const block = header * 4 + LINE;
    if (words[header + BLOCK_IS_OBJECT] === 0) taken.add(block);
    header = (block + domain.roomOf(block)) / 4;
  }
  for (let slot = 0; slot < THREADS; slot++) {
    const record = recordOf(slot);
    taken.delete(words[record + SCRATCH]!);
    for (let list = 0; list <= SIZES; list++) {
      let block = words[record + RETURNED + list]!;
      for (; block !== 0; block = words[(block - LINE) / 4 + BLOCK_NEXT]!) taken.delete(block);
    }
  }
  return taken.size;
}
