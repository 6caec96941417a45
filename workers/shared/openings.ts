/**
 * The shared objects that this thread has open: one for each place in memory, as long as anybody uses it.
 *
 * @module
 */
import { onExit } from "../runtime.ts";
import { letGo } from "./channel_memory.ts";
import { Domain } from "./domain.ts";
import type { SharedHandle } from "./handle.ts";
import { GENERATION } from "./layout.ts";

interface Opening<C extends object> {
  readonly domain: Domain;
  readonly offset: number;
  readonly generation: number;
  readonly ref: WeakRef<C>;
}

/** What is open. Nothing is right only because of a finalizer: without it memory stays in use, that is all. */
export class Openings<C extends object> {
  readonly #known = new WeakMap<Domain, Map<number, Opening<C>>>();
  readonly #registry = new FinalizationRegistry<Opening<C>>((opening) => this.#forget(opening));

  add(domain: Domain, offset: number, object: C): void {
    leaveAtExit();
    const generation = domain.words[(offset >> 2) + GENERATION]!;
    const opening = { domain, offset, generation, ref: new WeakRef(object) };
    let known = this.#known.get(domain);
    if (known === undefined) this.#known.set(domain, known = new Map());
    known.set(offset, opening);
    this.#registry.register(object, opening);
  }

  find(domain: Domain, { offset, generation }: SharedHandle): C | undefined {
    const opening = this.#known.get(domain)?.get(offset);
    return opening?.generation === generation ? opening.ref.deref() : undefined;
  }

  #forget(opening: Opening<C>): void {
    const { domain, offset } = opening;
    const known = this.#known.get(domain);
    // Opened again in the meantime: that one holds it now.
    if (known?.get(offset) !== opening) return;
    known.delete(offset);
    if (domain.alive) letGo(domain, offset);
  }
}

let leaves = false;

/** A thread that is ended by force does not come to this: its parent buries it. */
function leaveAtExit(): void {
  if (leaves) return;
  leaves = true;
  onExit(() => Domain.leaveAll());
}
