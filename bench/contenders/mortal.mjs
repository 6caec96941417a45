/** A function that some values end the thread of. */
import process from "node:process";

const never = new Promise(() => {});

export default function mortal(value) {
  if (value === -1) process.exit(1);
  if (value !== -2) return value;
  queueMicrotask(() => {
    throw new Error("nobody catches this");
  });
  return never;
}
