import { base } from "./base.ts";

/** The stage of main.ts; with an import of its own, so that there is something to bundle. */
export default function square(n: number): number {
  return base(n) * base(n);
}
