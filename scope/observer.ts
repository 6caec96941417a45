/**
 * Where a testing kit looks on. Nothing here costs anything while nobody does.
 *
 * @module
 */

/** Somebody who is told what the scopes that begin from now on do. */
export interface ScopeObserver {
  /**
   * The body or a task of a scope was given to it. Called in the turn of the caller, so the stack tells
   * who that is.
   *
   * @param scope Which one; the same object each time.
   * @param work The body or the task.
   * @returns Called when it is over.
   */
  began(scope: object, work: { readonly name: string }): () => void;
  /**
   * The scope was aborted, so all its work should end soon.
   *
   * @param giveUp Lets the scope reject with `error` although work goes on, which is better than a test
   * that hangs. Nothing happens if the scope has ended.
   */
  aborted(scope: object, reason: unknown, giveUp: (error: unknown) => void): void;
}

/** The observer, if there is one. */
export let observer: ScopeObserver | undefined;

/** Puts an observer in place, or takes it away. */
export function observe(other: ScopeObserver | undefined): void {
  observer = other;
}
