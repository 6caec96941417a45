/** A stage that adds to a shared value under a shared lock. */
import type { SharedMutex, SharedValue } from "../../../workers/mod.ts";

interface Totals {
  readonly places: readonly [{ readonly total: SharedValue<"f64">; readonly lock: SharedMutex }];
}

export default async function add(
  value: number,
  { data }: { readonly data: unknown },
): Promise<number> {
  const { total, lock } = (data as Totals).places[0];
  const permit = await lock.acquire();
  total.set(total.get() + value);
  permit.release();
  return value;
}
