/**
 * Turns of the event loop.
 *
 * @module
 */

/**
 * Runs `task` in a turn of its own, after the timers and the I/O that are due. Browsers have no
 * `setImmediate`; a message to oneself does the same there.
 */
export const nextTurn: (task: () => void) => void =
  (globalThis as { setImmediate?: (task: () => void) => unknown }).setImmediate ?? viaMessage();

function viaMessage(): (task: () => void) => void {
  const tasks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => tasks.shift()?.();
  return (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
}
