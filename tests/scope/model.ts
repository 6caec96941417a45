/**
 * What a scope must do, as lists and conditions: the executable specification.
 *
 * @module
 */

/** One step. The body is task 0; others are named in the order of their `go`. */
export type Step =
  /** Starts a task; one that obeys rejects with the reason of the abort when it comes. */
  | { readonly op: "go"; readonly obeys: boolean }
  /** Lets the n-th of those that run end, well or with an error of its own. */
  | { readonly op: "finish" | "fail"; readonly n: number }
  /** Aborts the signal that the scope was given. */
  | { readonly op: "abort" };

/** What can be seen of a scope. */
export interface Sight {
  /** The tasks that were started, in order. */
  readonly began: readonly number[];
  /** What their promises came to. */
  readonly ends: Readonly<Record<number, string>>;
  /** Why the scope's signal was aborted. */
  readonly reason: string | undefined;
  /** What the scope came to; undefined while it runs. */
  readonly outcome: string | undefined;
}

interface Task {
  readonly id: number;
  readonly obeys: boolean;
}

/** A scope. */
export class Model implements Sight {
  readonly began: number[] = [];
  readonly ends: Record<number, string> = {};
  reason: string | undefined;
  outcome: string | undefined;
  /** What runs, the body included, in the order in which it began. */
  running: Task[];
  readonly #limit: number;
  #queued: Task[] = [];
  readonly #failures: string[] = [];
  #tasks = 0;

  constructor(limit: number, obeys: boolean) {
    this.#limit = limit;
    this.running = [{ id: 0, obeys }];
  }

  step(step: Step): void {
    if (step.op === "go") this.#go({ id: ++this.#tasks, obeys: step.obeys });
    else if (step.op === "abort") this.#fail("abort");
    else this.#end(this.running[step.n % this.running.length], step.op);
    while (this.running.length - this.#body() < this.#limit && this.#queued.length > 0) {
      this.#begin(this.#queued.shift()!);
    }
    if (this.outcome === undefined && this.running.length === 0) this.outcome = this.#result();
  }

  #go(task: Task): void {
    if (this.outcome !== undefined) this.ends[task.id] = "TypeError";
    else if (this.reason !== undefined) this.ends[task.id] = this.reason;
    else this.#queued.push(task);
  }

  #begin(task: Task): void {
    this.running.push(task);
    this.began.push(task.id);
  }

  #end(task: Task | undefined, how: "finish" | "fail"): void {
    if (task === undefined) return;
    this.running = this.running.filter((it) => it !== task);
    this.ends[task.id] = `${how} ${task.id}`;
    if (how === "fail") this.#fail(`fail ${task.id}`);
  }

  #fail(reason: string): void {
    if (this.outcome !== undefined) return;
    if (reason !== "abort" || this.reason === undefined) this.#failures.push(reason);
    if (this.reason !== undefined) return;
    this.reason = reason;
    const over = [...this.#queued.splice(0), ...this.running.filter((it) => it.obeys)];
    for (const { id } of over) this.ends[id] = reason;
    this.running = this.running.filter((it) => !it.obeys);
  }

  #body(): number {
    return this.running.some(({ id }) => id === 0) ? 1 : 0;
  }

  #result(): string {
    if (this.#failures.length === 0) return "finish 0";
    return this.#failures.join(", ");
  }
}
