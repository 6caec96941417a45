/**
 * Tasks that do not end, named instead of waited for. Proposed for `millrace/testing`, and written so
 * that it can move there as it is.
 *
 * @module
 */
import { systemClock } from "../../internal/clock.ts";
import { observe, type ScopeObserver } from "../../scope/observer.ts";

/** When a task counts as stuck. */
export interface StuckTaskOptions {
  /** Milliseconds that the tasks of a scope have to end after it was aborted; 1000 by default. */
  readonly grace?: number | undefined;
}

/** A look-out for stuck tasks. */
export interface StuckTasks {
  /** Ends it. Scopes that began under it are still looked after. */
  restore(): void;
}

/**
 * Lets every scope that begins from now on reject, with the names of the tasks that hold it up, if it has
 * not ended some time after it was aborted. Without it such a scope waits for ever, and so does its test.
 *
 * The time is real, also under a fake clock. A task has the name of its function; where it was started
 * stands in the message too.
 *
 * @param options How long to wait.
 */
export function failStuckScopes({ grace = 1_000 }: StuckTaskOptions = {}): StuckTasks {
  const scopes = new Map<object, Set<string>>();
  const observer: ScopeObserver = {
    began(scope, { name }) {
      const tasks = scopes.get(scope) ?? new Set();
      scopes.set(scope, tasks);
      // A string object: two tasks may have the same name and the same place.
      const task = Object(`${name || "(anonymous)"}${creation()}`) as string;
      tasks.add(task);
      return () => {
        tasks.delete(task);
        if (tasks.size === 0) scopes.delete(scope);
      };
    },
    aborted(scope, reason, giveUp) {
      systemClock.setTimer(() => {
        const tasks = scopes.get(scope);
        if (tasks !== undefined) giveUp(new Error(message(tasks, grace), { cause: reason }));
      }, grace);
    },
  };
  observe(observer);
  return { restore: () => observe(undefined) };
}

/** Where the task was started, as an error would tell it: the caller of the library first. */
function creation(): string {
  const lines = new Error().stack?.split("\n    at ") ?? [];
  const isOurs = (line: string) => /^(RunningScope\.|scope )/.test(line);
  const inside = lines.slice(lines.findIndex(isOurs));
  const callers = inside.slice(inside.findIndex((line) => !isOurs(line)));
  return callers.map((line) => `\n      at ${line}`).join("");
}

function message(tasks: ReadonlySet<string>, grace: number): string {
  const count = tasks.size === 1 ? "1 task has" : `${tasks.size} tasks have`;
  const list = [...tasks].map((task) => `\n  ${task}`).join("");
  return `Cannot complete a scope: ${count} not ended ${grace} ms after the abort:${list}`;
}
