/**
 * Where the threads of a program may be. A place is a state of the thread and the answers that its code got
 * since; so shipped code runs once for each way it can go, and all else is looking up places.
 *
 * @module
 */
import type { Act, Program, Thread } from "./program.ts";
import { type Access, KINDS, Recorder } from "./recorder.ts";

/** What a thread does at a place: the kinds of access, and then these. */
export const ARM = 16, REST = 17, WHEN = 18, CHOOSE = 19, END = 20;

/** A place of one thread. */
export interface Place {
  readonly id: number;
  readonly state: unknown;
  readonly act: Act<unknown>;
  readonly kind: number;
  /** Of the access. */
  readonly index: number;
  readonly access: Access | undefined;
  /** Whether the access before was a plain one: then this step follows at once. */
  readonly urgent: boolean;
  readonly answers: readonly number[];
  readonly next: Map<number, Place>;
}

/** The places of one thread, made as they are reached. */
export class Tree {
  readonly start: Place;
  readonly #thread: Thread;
  readonly #recorder: Recorder;
  readonly #places: Place[];
  readonly #byState = new Map<string, Place>();
  readonly #byCheckpoint = new Map<string, Place>();

  /** @param places All places of all threads: a place's number is its index there. */
  constructor(program: Program, thread: Thread, places: Place[]) {
    this.#thread = thread;
    this.#recorder = new Recorder(program.ground);
    this.#places = places;
    this.start = this.#enter(thread.start);
  }

  /** Where the thread comes to from `place` by the answer to its access, or by the way it chooses. */
  after(place: Place, answer: number): Place {
    let next = place.next.get(answer);
    if (next === undefined) place.next.set(answer, next = this.#find(place, answer));
    return next;
  }

  #find(place: Place, answer: number): Place {
    const { act } = place;
    if (act.kind === "call") {
      const plain = place.kind === KINDS.read || place.kind === KINDS.write;
      return this.#goOn(place.state, act, [...place.answers, answer], plain);
    }
    if (act.kind === "choose") return this.#enter(act.from[answer]);
    if (act.kind === "rest" && answer > 0) return this.#enter(act.or?.[answer - 1]);
    if (act.kind === "end") throw new Error("Cannot go on after the end");
    return this.#enter(act.then);
  }

  #enter(state: unknown): Place {
    const key = JSON.stringify(state);
    let place = this.#byState.get(key);
    if (place !== undefined) return place;
    const act = this.#thread.act(state);
    if (act.kind === "call") place = this.#goOn(state, act, [], false);
    else {
      const kind = OTHERS[act.kind];
      place = this.#add({ state, act, kind, access: undefined, urgent: false, answers: [] });
    }
    this.#byState.set(key, place);
    return place;
  }

  #goOn(
    state: unknown,
    act: Act<unknown> & { kind: "call" },
    answers: readonly number[],
    urgent: boolean,
  ): Place {
    const passed = new Set<string>();
    for (;;) {
      const reached = this.#recorder.run(act.run, answers, passed);
      if (reached.checkpoint !== undefined) {
        const known = this.#byCheckpoint.get(reached.checkpoint);
        if (known !== undefined) return known;
        passed.add(reached.checkpoint);
        continue;
      }
      const { access, outcome } = reached;
      const place = access === undefined
        ? this.#enter(act.then(outcome as never))
        : this.#add({ state, act, kind: KINDS[access.kind], access, urgent, answers });
      for (const checkpoint of passed) this.#byCheckpoint.set(checkpoint, place);
      return place;
    }
  }

  #add(place: Omit<Place, "id" | "index" | "next">): Place {
    const id = this.#places.length;
    const added = { ...place, id, index: place.access?.index ?? -1, next: new Map() };
    this.#places.push(added);
    return added;
  }
}

const OTHERS = { arm: ARM, rest: REST, when: WHEN, choose: CHOOSE, end: END };
