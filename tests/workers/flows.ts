/**
 * Ends of flows, for the tests of worker stages.
 *
 * @module
 */

/** All values. */
export async function gather<T>(flow: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of flow) values.push(value);
  return values;
}

/** The values before a flow failed, and what it failed with. */
export async function gatherFailure<T>(
  flow: AsyncIterable<T>,
): Promise<{ readonly values: T[]; readonly error: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of flow) values.push(value);
  } catch (error) {
    return { values, error };
  }
  throw new Error(`The flow did not fail: ${values.length} values`);
}
