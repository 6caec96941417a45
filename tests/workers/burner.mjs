/**
 * A program that takes a core, for the tests that run beside it: until it is ended, or for a minute.
 *
 * @module
 */
console.log("burning");
const end = performance.now() + 60_000;
setTimeout(() => {
  while (performance.now() < end);
}, 0);
