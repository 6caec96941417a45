/**
 * Web streams and Node streams as sources.
 *
 * @module
 */

/** As much of a `Readable` of Node as is needed: the main entry imports nothing of Node's. */
export interface NodeReadable<T> extends AsyncIterable<T> {
  /** Tells it from other iterables. */
  read(): unknown;
  /** Closes it. */
  destroy(error?: Error): unknown;
  /** Listens to its errors. */
  on(event: "error", listener: (error: Error) => void): unknown;
}

/**
 * The iterator of a stream, if `source` is one: it closes the stream at once, also during a read. Whoever
 * asks for it owns the stream: an error is for those who read, and ends the process neither before
 * anybody does nor when nobody does any more.
 */
export function openerOf<T>(source: unknown): (() => AsyncIterator<T>) | undefined {
  if (isWebStream<T>(source)) return () => readerOf(source);
  if (!isNodeStream<T>(source)) return undefined;
  source.on("error", ignore);
  return () => nodeReaderOf(source);
}

/** Whether `source` is a stream that can be read. */
export function isReadable(source: unknown): boolean {
  return isWebStream(source) || isNodeStream(source);
}

/** Of whatever realm. */
function isWebStream<T>(source: unknown): source is ReadableStream<T> {
  return typeof (source as Partial<ReadableStream> | null | undefined)?.getReader === "function";
}

function isNodeStream<T>(source: unknown): source is NodeReadable<T> {
  const { read, destroy, on, [Symbol.asyncIterator]: open } = Object(source) as Partial<
    NodeReadable<T>
  >;
  return [read, destroy, on, open].every((method) => typeof method === "function");
}

/**
 * Iterates a stream. The stream's own iterator cannot be closed while a read is under way, and browsers
 * do not all have it; this one cancels the stream at once.
 */
function readerOf<T>(stream: ReadableStream<T>): AsyncIterator<T> {
  const reader = stream.getReader();
  return {
    async next() {
      let over = true; // also if the stream fails
      try {
        const { done, value } = await reader.read();
        over = done;
        return done ? { done, value: undefined } : { done, value };
      } finally {
        if (over) reader.releaseLock();
      }
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

/**
 * Iterates a stream of Node's. Its own iterator is a generator, which cannot be closed while a read is
 * under way, and which does not destroy a stream that was never read.
 */
function nodeReaderOf<T>(stream: NodeReadable<T>): AsyncIterator<T> {
  const loop = stream[Symbol.asyncIterator]();
  return {
    next: () => loop.next(),
    async return() {
      stream.destroy();
      await loop.return?.();
      return { done: true, value: undefined };
    },
  };
}

function ignore(): void {}
