/** The stage of typed.ts. */
export default function double(n: number): number {
  return 2 * n;
}
