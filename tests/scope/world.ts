/**
 * A real scope, worked by the steps of a program.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Scope, scope } from "../../scope/mod.ts";
import type { Sight, Step } from "./model.ts";

/** A task that runs: what ends it. */
interface Running {
  finish(): void;
  fail(): void;
}

/** One scope, and what was seen of it. */
export class World implements Sight {
  readonly began: number[] = [];
  readonly ends: Record<number, string> = {};
  outcome: string | undefined;
  readonly #controller = new AbortController();
  readonly #running = new Map<number, Running>();
  #scope: Scope | undefined;
  #tasks = 0;

  constructor(make: typeof scope, limit: number, obeys: boolean) {
    const { signal } = this.#controller;
    const run = make((s) => {
      this.#scope = s;
      const body = this.#task(0, obeys, s.signal);
      this.#watch(0, body);
      return body;
    }, { signal, limit });
    run.then((result) => this.outcome = result, (error) => this.outcome = outcomeOf(error));
  }

  get reason(): string | undefined {
    const { aborted, reason } = this.#scope!.signal;
    return aborted ? outcomeOf(reason) : undefined;
  }

  /** @param running The tasks that run, as the model has it. */
  step(step: Step, running: readonly number[]): void {
    if (step.op === "abort") return this.#controller.abort("abort");
    if (step.op !== "go") {
      const id = running[step.n % running.length];
      return id === undefined ? undefined : this.#running.get(id)![step.op]();
    }
    const id = ++this.#tasks;
    const task = (signal: AbortSignal) => {
      this.began.push(id);
      return this.#task(id, step.obeys, signal);
    };
    this.#watch(id, this.#scope!.go(task));
  }

  /** Until nothing moves. The guard of the event loop may hold a promise back for a turn. */
  async quiet(): Promise<void> {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  #task(id: number, obeys: boolean, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#running.set(id, {
        finish: () => resolve(`finish ${id}`),
        fail: () => reject(`fail ${id}`),
      });
      if (obeys) signal.addEventListener("abort", () => reject(signal.reason));
    });
  }

  #watch(id: number, promise: Promise<string>): void {
    promise.then((result) => this.ends[id] = result, (error) => this.ends[id] = outcomeOf(error));
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.join(", ");
  return error instanceof TypeError ? "TypeError" : String(error);
}
