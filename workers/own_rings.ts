/**
 * The rings between a thread and its parent, as the thread sees them. Loaded when the parent offers them.
 *
 * @module
 */
import { BatchRing, RING_BYTES } from "./batch_ring.ts";
import { BatchWriter } from "./batch_writer.ts";
import { Domain } from "./shared/domain.ts";
import type { RingsOffer } from "./wire.ts";

/** Both directions. */
export interface OwnRings {
  readonly values: BatchRing;
  readonly answers: BatchWriter;
}

/** Accepts what the parent offers. */
export function openRings({ memory, at, always }: RingsOffer): OwnRings {
  const domain = Domain.of(memory);
  const answers = new BatchWriter(new BatchRing(domain, at + RING_BYTES), always);
  return { values: new BatchRing(domain, at), answers };
}
