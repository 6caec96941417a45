/**
 * Tasks that end when a test says so.
 *
 * @module
 */

/** Something to wait for, until it is opened. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

/** A gate that is closed. */
export function gate(): Gate {
  let open = () => {};
  const passed = new Promise<void>((resolve) => open = resolve);
  return { passed, open: () => open() };
}

/** A task that does nothing, and ends as it should when it is aborted. */
export function obedient(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
