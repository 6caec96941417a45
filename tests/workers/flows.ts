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
