/**
 * A program under way: the words, the waits and the places of its threads, as numbers in one array.
 *
 * @module
 */
import { type Program, WAITS } from "./program.ts";
import { KINDS } from "./recorder.ts";
import { ARM, CHOOSE, END, type Place, REST, Tree, WHEN } from "./tree.ts";

/** Room for the words that a program touches. */
const WORDS = 64;
/** What a wait may be: none, under way, over but not yet noticed. */
const NONE = 0, ARMED = 1, OVER = 2;
/** A step is a thread, and which of its ways it takes. */
const WAYS = 16;

/** A rule that was broken. */
export class Violation extends Error {}

/** The machine that makes steps on states. */
export class World {
  readonly program: Program;
  /** Numbers in a state. The last two are the thread that moved last, and how often one was preempted. */
  readonly width: number;
  readonly start: Int32Array;
  readonly #trees: readonly Tree[];
  readonly #places: Place[] = [];
  readonly #threads: number;
  readonly #waits = WORDS;
  readonly #at: number;
  /** Where a word stands in a state. A state holds how it differs from the beginning, so 0 is right. */
  readonly #slots = new Map<number, number>();
  /** Which thread waits on the word. */
  readonly #bells = new Map<number, number>();

  constructor(program: Program) {
    this.program = program;
    const { threads } = program;
    this.#threads = threads.length;
    this.#at = WORDS + WAITS * threads.length;
    this.width = this.#at + threads.length + 2;
    this.#trees = threads.map((thread) => new Tree(program, thread, this.#places));
    threads.forEach(({ slot }, thread) => this.#bells.set(program.bellOf(slot), thread));
    this.start = new Int32Array(this.width);
    this.#trees.forEach((tree, thread) => this.start[this.#at + thread] = tree.start.id);
    this.start[this.width - 2] = -1;
  }

  /** Where `thread` is. */
  place(state: Int32Array, thread: number): Place {
    return this.#places[state[this.#at + thread]!]!;
  }

  /** The states of the threads themselves. */
  states(state: Int32Array): unknown[] {
    return this.#trees.map((_, thread) => this.place(state, thread).state);
  }

  /**
   * The steps that may come next.
   *
   * @param bound How often a thread may be interrupted that could have gone on.
   * @throws {Violation} If nobody can go on by himself although not all have ended, or if the end is wrong.
   */
  steps(state: Int32Array, bound: number): number[] {
    const steps: number[] = [];
    let able = false, ended = true;
    const last = state[this.width - 2]!;
    for (let thread = 0; thread < this.#threads; thread++) {
      const place = this.place(state, thread);
      // Plain accesses are made at one go: whoever could tell the difference would be in a race.
      if (place.urgent) return [thread * WAYS];
      if (place.kind === END) continue;
      ended = false;
      if (this.#waysOf(state, thread, place, steps)) able = true;
    }
    if (ended) this.#check(state);
    else if (!able) throw new Violation(`stuck: ${this.#describe(state)}`);
    if (last < 0 || bound === Infinity) return steps;
    return this.#interrupts(state, last) && state[this.width - 1]! >= bound
      ? steps.filter((step) => ofThread(step) === last)
      : steps;
  }

  /** Makes a step on `state`, in place. */
  step(state: Int32Array, step: number): void {
    const thread = ofThread(step), way = step % WAYS;
    const place = this.place(state, thread);
    const last = state[this.width - 2]!;
    if (last >= 0 && last !== thread && this.#interrupts(state, last)) state[this.width - 1]!++;
    state[this.width - 2] = thread;
    const answer = this.#answer(state, thread, place, way);
    let next: Place;
    try {
      next = this.#trees[thread]!.after(place, answer);
    } catch (error) {
      throw new Violation(String(error), { cause: error });
    }
    state[this.#at + thread] = next.id;
    if (next.act.kind !== "end" || !next.act.dead) return;
    for (let wait = 0; wait < WAITS; wait++) state[this.#waits + thread * WAITS + wait] = NONE;
  }

  /** Forgets who moved, which is nothing that states differ in when interrupts are not counted. */
  forget(state: Int32Array): void {
    state[this.width - 2] = -1;
    state[this.width - 1] = 0;
  }

  /** What a step would do, for people. */
  name(state: Int32Array, step: number): string {
    const thread = ofThread(step);
    const { access, act, index, state: own } = this.place(state, thread);
    const { name } = this.program.threads[thread]!;
    if (access === undefined) return `${name}: ${act.kind} ${step % WAYS} ${JSON.stringify(own)}`;
    const was = this.#slots.has(index)
      ? state[this.#slots.get(index)!]! ^ this.program.ground.words[index]!
      : this.program.ground.words[index];
    const word = this.program.wordName?.(index) ?? `word ${index}`;
    return `${name}: ${access.kind} ${word} ${access.value} (was ${was})`;
  }

  #interrupts(state: Int32Array, last: number): boolean {
    return this.place(state, last).kind <= KINDS.write;
  }

  /** @returns Whether the thread can go on by itself. */
  #waysOf(state: Int32Array, thread: number, place: Place, steps: number[]): boolean {
    const { act } = place;
    const first = thread * WAYS;
    if (act.kind === "rest") {
      const over = state[this.#waits + thread * WAITS + act.wait] === OVER;
      if (over) steps.push(first);
      if (!over || !act.asleep) act.or?.forEach((_, way) => steps.push(first + way + 1));
      return over;
    }
    if (place.kind === KINDS.rest) {
      const over = state[this.#waits + thread * WAITS + place.access!.value] === OVER;
      if (over) steps.push(first);
      for (let way = 1; way <= place.access!.expected; way++) steps.push(first + way);
      return over;
    }
    if (act.kind === "when" && !act.holds(this.states(state))) return false;
    if (act.kind === "choose") act.from.forEach((_, way) => steps.push(first + way));
    else steps.push(first);
    return true;
  }

  #answer(state: Int32Array, thread: number, place: Place, way: number): number {
    switch (place.kind) {
      case ARM: {
        const { wait, heard } = place.act as { wait: number; heard: number };
        if (!this.#arm(state, thread, wait, heard)) {
          state[this.#waits + thread * WAITS + wait] = OVER;
        }
        return 0;
      }
      case KINDS.arm: {
        const { value, expected } = place.access!;
        return this.#arm(state, thread, expected, value) ? 1 : 0;
      }
      case REST:
      case KINDS.rest: {
        const wait = place.access?.value ?? (place.act as { wait: number }).wait;
        if (way === 0) state[this.#waits + thread * WAITS + wait] = NONE;
        return way;
      }
      case CHOOSE:
        return way;
      case WHEN:
        return 0;
      default:
        return this.#access(state, thread, place);
    }
  }

  /** @returns Whether the bell still says what was heard, so that there is something to wait for. */
  #arm(state: Int32Array, thread: number, wait: number, heard: number): boolean {
    const bell = this.program.bellOf(this.program.threads[thread]!.slot);
    const says = state[this.#slotOf(bell)]! ^ this.program.ground.words[bell]!;
    if (says !== heard) return false;
    state[this.#waits + thread * WAITS + wait] = ARMED;
    return true;
  }

  #access(state: Int32Array, thread: number, place: Place): number {
    const { index, kind } = place;
    if (kind === KINDS.notify) {
      return this.#notify(state, this.#bells.get(index)!, place.access!.value);
    }
    if (kind === KINDS.read || kind === KINDS.write) this.#checkRace(state, thread, place);
    const slot = this.#slotOf(index);
    const base = this.program.ground.words[index]!;
    const was = state[slot]! ^ base;
    const { value, expected } = place.access!;
    const is = outcome(kind, was, value, expected);
    state[slot] = is ^ base;
    // What a store and a write answer is known to who makes them.
    return kind === KINDS.store || kind === KINDS.write ? 0 : was;
  }

  #notify(state: Int32Array, thread: number, count: number): number {
    let woken = 0;
    for (let wait = 0; wait < WAITS && woken < count; wait++) {
      const at = this.#waits + thread * WAITS + wait;
      if (state[at] === ARMED) (state[at] = OVER, woken++);
    }
    return woken;
  }

  #checkRace(state: Int32Array, thread: number, place: Place): void {
    for (let other = 0; other < this.#threads; other++) {
      if (other === thread) continue;
      const { index, kind } = this.place(state, other);
      if (index !== place.index || kind < KINDS.read || kind > KINDS.write) continue;
      if (kind === KINDS.write || place.kind === KINDS.write) {
        throw new Violation(`race: two threads are at word ${index} of a payload`);
      }
    }
  }

  #slotOf(index: number): number {
    let slot = this.#slots.get(index);
    if (slot !== undefined) return slot;
    slot = this.#slots.size;
    if (slot >= WORDS) throw new Error(`Cannot follow more than ${WORDS} words`);
    this.#slots.set(index, slot);
    return slot;
  }

  #check(state: Int32Array): void {
    const wrong = this.program.verify(this.states(state));
    if (wrong !== undefined) throw new Violation(wrong);
  }

  #describe(state: Int32Array): string {
    const { threads } = this.program;
    return this.states(state).map((own, thread) =>
      `${threads[thread]!.name} ${JSON.stringify(own)}`
    )
      .join(", ");
  }
}

/** The thread of a step. */
export function ofThread(step: number): number {
  return Math.floor(step / WAYS);
}

function outcome(kind: number, was: number, value: number, expected: number): number {
  switch (kind) {
    case KINDS.store:
    case KINDS.exchange:
    case KINDS.write:
      return value;
    case KINDS.add:
      return (was + value) | 0;
    case KINDS.and:
      return was & value;
    case KINDS.or:
      return was | value;
    case KINDS.compareExchange:
      return was === expected ? value : was;
    default:
      return was;
  }
}
