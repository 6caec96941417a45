/** What the stage needs. */
export function base(n: number): number {
  return n;
}
