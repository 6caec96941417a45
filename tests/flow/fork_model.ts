/**
 * What `tee` and `partition` must do, in plain words: one step after the other, nothing asynchronous.
 *
 * @module
 */
import type { Said } from "./spout.ts";

/** What is done to the source or to a branch. */
export type Step =
  | { readonly op: "say"; readonly said: Said }
  | { readonly op: "recv" | "abort" | "cancel"; readonly at: number };

/** What can be seen from outside when nothing moves. */
export interface Sight {
  /** Of each receive: "waiting", "aborted", "done", "broken" or the value. */
  readonly outcomes: readonly string[];
  /** What lies ready in each branch. */
  readonly sizes: readonly number[];
  /** How many values were read. */
  readonly given: number;
  /** How often the source was closed. */
  readonly closed: number;
}

/** To whom a value goes: to all, to one in turn, to the one of its number modulo n. */
export type Policy = "all" | "turns" | "keys";

interface ModelBranch {
  held: number[];
  /** The receives that wait, by number. */
  waiting: number[];
  /** What receives report when nothing is held, once it is over. */
  end: "done" | "broken" | undefined;
}

interface Parcel {
  readonly value: number;
  readonly to: ModelBranch | undefined;
}

/** The model. */
export class ForkModel implements Sight {
  readonly outcomes: string[] = [];
  given = 0;
  closed = 0;
  readonly #policy: Policy;
  readonly #branches: ModelBranch[];
  #said: Said[] = [];
  #reading = false;
  #turn = 0;
  #parcels: Parcel[] = [];
  #end: "done" | "broken" | undefined;

  constructor(policy: Policy, n: number) {
    this.#policy = policy;
    this.#branches = Array.from({ length: n }, () => ({ held: [], waiting: [], end: undefined }));
  }

  get sizes(): number[] {
    return this.#branches.map(({ held }) => held.length);
  }

  step(step: Step): void {
    if (step.op === "say") this.#said.push(step.said);
    else {
      const branch = this.#branches[step.at % this.#branches.length] as ModelBranch;
      if (step.op === "recv") this.#receive(branch);
      else if (step.op === "cancel") this.#cancel(branch);
      else this.#report(branch, "aborted");
    }
    this.#pump();
  }

  get #live(): ModelBranch[] {
    return this.#branches.filter(({ end }) => end === undefined);
  }

  #receive(branch: ModelBranch): void {
    const number = this.outcomes.push("waiting") - 1;
    if (branch.held.length > 0) this.outcomes[number] = String(branch.held.shift());
    else if (branch.end !== undefined) this.outcomes[number] = branch.end;
    else branch.waiting.push(number);
  }

  /** Tells the one who waits longest. */
  #report(branch: ModelBranch, outcome: string): boolean {
    const number = branch.waiting.shift();
    if (number !== undefined) this.outcomes[number] = outcome;
    return number !== undefined;
  }

  #cancel(branch: ModelBranch): void {
    const open = branch.end === undefined;
    branch.end = "done";
    while (this.#report(branch, "done"));
    const held = branch.held.splice(0);
    if (!open) return;
    if (this.#policy === "turns") {
      this.#parcels.unshift(...held.map((value) => ({ value, to: undefined })));
    }
    if (this.#live.length > 0 || this.#end !== undefined) return;
    this.closed++;
    this.#reading = false; // a source that is closed answers nobody
  }

  #hasRoom({ held, waiting }: ModelBranch): boolean {
    return held.length === 0 || waiting.length > 0;
  }

  #give(branch: ModelBranch, value: number): void {
    if (!this.#report(branch, String(value))) branch.held.push(value);
  }

  /** Does what can be done until nothing moves. */
  #pump(): void {
    for (;;) {
      this.#deliver();
      if (!this.#reading && this.#mayRead()) this.#reading = true;
      const said = this.#reading ? this.#said.shift() : undefined;
      if (said === undefined) return;
      this.#reading = false;
      this.#hear(said);
    }
  }

  #mayRead(): boolean {
    if (this.#end !== undefined || this.#parcels.length > 0) return false;
    if (this.#policy === "all" && !this.#live.every((branch) => this.#hasRoom(branch))) {
      return false;
    }
    return this.#live.some(({ waiting }) => waiting.length > 0);
  }

  #hear(said: Said): void {
    if (typeof said !== "number") {
      this.#end = said === "end" ? "done" : "broken";
      return;
    }
    this.given++;
    if (this.#policy === "all") { for (const branch of this.#live) this.#give(branch, said); }
    else {
      const to = this.#policy === "keys" ? this.#branches[said % this.#branches.length] : undefined;
      this.#parcels.push({ value: said, to });
    }
  }

  /** What was read goes where it belongs; the first that cannot go holds up the rest. */
  #deliver(): void {
    for (let parcel = this.#parcels[0]; parcel !== undefined; parcel = this.#parcels[0]) {
      const to = parcel.to ?? this.#next();
      if (to !== undefined && to.end === undefined) {
        if (!this.#hasRoom(to)) return;
        if (parcel.to === undefined) this.#turn = this.#branches.indexOf(to) + 1;
        this.#give(to, parcel.value);
      }
      this.#parcels.shift();
    }
    if (this.#end === undefined) return;
    for (const branch of this.#live) {
      branch.end = this.#end;
      while (this.#report(branch, this.#end));
    }
  }

  #next(): ModelBranch | undefined {
    const n = this.#branches.length;
    const inTurn = this.#branches.map((_, i) => this.#branches[(this.#turn + i) % n]);
    return inTurn.find((branch) => branch?.end === undefined);
  }
}
