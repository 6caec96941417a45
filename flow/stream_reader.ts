/**
 * Web streams as sources.
 *
 * @module
 */

/**
 * Iterates a stream. The stream's own iterator cannot be closed while a read is under way, and browsers
 * do not all have it; this one cancels the stream at once.
 */
export function readerOf<T>(stream: ReadableStream<T>): AsyncIterator<T> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (!done) return { done, value };
      reader.releaseLock();
      return { done: true, value: undefined };
    },
    async return() {
      try {
        await reader.cancel();
      } finally {
        reader.releaseLock();
      }
      return { done: true, value: undefined };
    },
  };
}
