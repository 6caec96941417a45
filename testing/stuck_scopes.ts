/**
 * Tasks that do not end, named instead of waited for.
 *
 * @module
 */
import { checkNumber, checkOptions } from "../internal/checks.ts";
import { systemClock } from "../internal/clock.ts";
import { observe, observer } from "../scope/observer.ts";

/** When a task counts as stuck. */
export interface StuckScopesOptions {
  /** Milliseconds that the tasks of a scope have to end after it was aborted; 1000 by default. */
  readonly grace?: number | undefined;
}

/** A look-out for stuck tasks. */
export interface StuckScopes {
  /** Ends it, and puts the look-out before it back. Scopes that began under it are still looked after. */
  restore(): void;
}

/** What a scope waits for. */
interface Work {
  readonly tasks: Set<{ readonly title: string }>;
  timer: unknown;
}

/**
 * Lets every scope that begins from now on reject, with the names of the tasks that hold it up, if it has
 * not ended some time after it was aborted. Without it such a scope waits for ever, and so does its test.
 *
 * The time is real, also under a fake clock. A task has the name of its function; where it was started
 * stands in the message too.
 *
 * @param options How long to wait.
 * @returns `restore` ends the look-out.
 *
 * @example
 * ```ts
 * import { scope } from "millrace";
 * import { failStuckScopes } from "millrace/testing";
 *
 * const lookOut = failStuckScopes({ grace: 10 });
 * const stuck = scope((s) => {
 *   s.go(function deaf() {
 *     return new Promise(() => {}); // does not hear of the abort
 *   });
 *   throw new Error("first failure");
 * });
 * await stuck.catch((error) => console.log(error.message.includes("deaf"))); // true
 * lookOut.restore();
 * ```
 */
export function failStuckScopes(options: StuckScopesOptions = {}): StuckScopes {
  checkOptions(options);
  const { grace = 1_000 } = options;
  checkNumber("options.grace", grace, grace >= 0, "0 ms or more");
  const scopes = new Map<object, Work>();
  const before = observer;
  observe({
    began(scope, { name }) {
      const work: Work = scopes.get(scope) ?? { tasks: new Set(), timer: undefined };
      scopes.set(scope, work);
      const task = { title: `${name || "(anonymous)"}${creation()}` };
      work.tasks.add(task);
      return () => {
        work.tasks.delete(task);
        if (work.tasks.size > 0) return;
        scopes.delete(scope);
        systemClock.clearTimer(work.timer);
      };
    },
    aborted(scope, reason, giveUp) {
      const work = scopes.get(scope) as Work; // it has not ended: its body began, or a task
      const report = () => giveUp(new Error(message(work, grace), { cause: reason }));
      work.timer = systemClock.setTimer(report, grace);
    },
  });
  return { restore: () => observe(before) };
}

/** Where the task was started, as an error would tell it: the caller of the library first. */
function creation(): string {
  const lines = String(new Error().stack).split("\n    at ");
  const isOurs = (line: string) => /^(RunningScope\.|scope )/.test(line);
  const inside = lines.slice(lines.findIndex(isOurs));
  const callers = inside.slice(inside.findIndex((line) => !isOurs(line)));
  return callers.map((line) => `\n      at ${line}`).join("");
}

function message({ tasks }: Work, grace: number): string {
  const count = tasks.size === 1 ? "1 task has" : `${tasks.size} tasks have`;
  const list = [...tasks].map(({ title }) => `\n  ${title}`).join("");
  return `Cannot complete a scope: ${count} not ended ${grace} ms after the abort:${list}`;
}
