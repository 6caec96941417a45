/**
 * Starting a thread of the library: it runs `entry.ts`, and has a place in the memory that all threads share.
 *
 * @module
 */
import { type ResourceLimits, startThread, type Thread, type ThreadEvents } from "./runtime.ts";
import { Place } from "./shared/place.ts";

/** Starts it. What `events` hears of its end comes after its place was cleared. */
export function startLibraryThread(
  options: { readonly name: string; readonly resourceLimits?: ResourceLimits | undefined },
  events: ThreadEvents,
): Thread {
  const file = import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js";
  const place = Place.take();
  let forced = false;
  const exited = (code: number) => {
    place?.ended(forced);
    events.exited(code);
  };
  let thread: Thread;
  try {
    const shared = { ...options, shared: place?.inheritance };
    thread = startThread(new URL(file, import.meta.url), shared, { ...events, exited });
  } catch (error) {
    place?.ended(false);
    throw error;
  }
  return {
    post: (message, transfer) => thread.post(message, transfer),
    terminate: () => {
      forced = true;
      thread.terminate();
    },
  };
}
