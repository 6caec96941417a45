/**
 * A thread that takes a lock and gives it back, as often as it can, until it is killed.
 *
 * @module
 */
import { joinParent, type Port } from "../../../workers/runtime.ts";
import { Domain } from "../../../workers/shared/domain.ts";
import type { SharedMemory } from "../../../workers/shared/handle.ts";
import { SharedArray, type SharedArrayHandle } from "../../../workers/shared/shared_array.ts";
import { SharedSemaphore } from "../../../workers/shared/shared_semaphore.ts";
import { type PrimitiveHandle, within } from "../../../workers/shared/site.ts";
import type { Seat } from "../../../workers/shared/slots.ts";

/** What it is told. */
export interface LockWork {
  readonly memory: SharedMemory;
  readonly seat: Seat;
  readonly id: number;
  /** Who is inside; and how often somebody was. */
  readonly array: SharedArrayHandle<"i32">;
  readonly semaphore: PrimitiveHandle<"semaphore">;
}

const parent: Port = joinParent(
  (work) => {
    try {
      lockFor(work as LockWork);
    } catch (error) {
      parent.post(String(error));
    }
  },
  (error) => parent.post(String(error)),
);

function lockFor({ memory, seat, id, ...handles }: LockWork): void {
  const [array, semaphore] = within(
    new Domain(memory, { seat }),
    () => [SharedArray.from(handles.array), SharedSemaphore.from(handles.semaphore)],
  );
  const { view } = array;
  for (;;) {
    const permit = array.lockSync();
    const found = Atomics.exchange(view, 0, id);
    if (found !== 0 && !permit.abandoned) throw new Error(`${id} found ${found} inside`);
    Atomics.add(view, 1, 1);
    if (Atomics.exchange(view, 0, 0) !== id) throw new Error(`${id} was not alone`);
    permit.release();
    const other = semaphore.acquireSync();
    Atomics.add(view, 1, 1);
    other.release();
  }
}
