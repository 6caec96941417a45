/** A worker module in JavaScript. */
export default function double(n) {
  return n * 2;
}
