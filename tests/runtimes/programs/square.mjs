/** The stage of workers.mjs. */
export default function square(n) {
  if (typeof n !== "number") throw new TypeError(`Cannot square: ${n}`);
  return n * n;
}
