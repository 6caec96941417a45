/**
 * Runs code that shares words with other threads, one access at a time: the code is run again from its
 * beginning with the answers it got before, and stopped at the first access that has no answer yet.
 *
 * @module
 */
import type { Atoms, Words } from "../../../workers/shared/words.ts";

/** What a thread is about to do to the memory. */
export interface Access {
  readonly kind: keyof typeof KINDS;
  readonly index: number;
  readonly value: number;
  readonly expected: number;
}

/** Each kind of access, as a number. `read` and `write` are plain: no other thread may be at the same word. */
export const KINDS = {
  load: 0,
  store: 1,
  add: 2,
  and: 3,
  or: 4,
  exchange: 5,
  compareExchange: 6,
  notify: 7,
  read: 8,
  write: 9,
  /** Begins to wait on the bell `index` while it says `value`; answers 1 if it does. `expected` is which wait. */
  arm: 10,
  /** Rests until the wait `value` is over, which is answer 0; or takes one of `expected` other ways. */
  rest: 11,
} as const;

/**
 * What unwinds the code: at an access that has no answer yet, or at a checkpoint that it comes to for the first
 * time. The code may catch it; then it gets no further all the same.
 */
class Stop {
  readonly access: Access | undefined;
  readonly checkpoint: string | undefined;

  constructor(access: Access | undefined, checkpoint?: string) {
    this.access = access;
    this.checkpoint = checkpoint;
  }
}

/** Which words are no step: those that nobody writes, and those that only one thread ever touches. */
export interface Ground {
  /** The memory before anybody runs. */
  readonly words: Int32Array;
  /** Whether nobody writes the word while the program runs; checked. */
  isConstant(index: number): boolean;
  /** Whether the word, which is written by atomics, may be read without them: nothing else hangs on it. */
  isFlag(index: number): boolean;
  /** Whether the word belongs to the one thread that touches it, as its scratch does. */
  isPrivate(index: number): boolean;
}

/** Where code came to: an access, a checkpoint, or its end with an outcome. */
export type Reached<R> =
  | { readonly access: Access; readonly checkpoint?: never; readonly outcome?: never }
  | { readonly access?: never; readonly checkpoint: string; readonly outcome?: never }
  | { readonly access?: never; readonly checkpoint?: never; readonly outcome: R };

/** Whose code runs: for code that knows only the global `Atomics`. */
let current: Recorder | undefined;

/** Stands for the global `Atomics` in code that is explored. */
export const RECORDED: Atoms & {
  wait(words: Int32Array, index: number, value: number): string;
  waitAsync(words: Int32Array, index: number, value: number): unknown;
} = {
  load: (words, index) => current!.load(words, index),
  store: (words, index, value) => current!.store(words, index, value),
  add: (words, index, value) => current!.add(words, index, value),
  and: (words, index, value) => current!.and(words, index, value),
  or: (words, index, value) => current!.or(words, index, value),
  exchange: (words, index, value) => current!.exchange(words, index, value),
  compareExchange: (words, index, expected, value) =>
    current!.compareExchange(words, index, expected, value),
  notify: (words, index, count) => current!.notify(words, index, count),
  wait: (_, index, value) => current!.wait(index, value),
  waitAsync: (_, index, value) => current!.waitAsync(index, value),
};

/** The memory as one thread sees it while its code is run again. */
export class Recorder implements Words, Atoms {
  readonly atoms: Atoms = this;
  readonly words: Int32Array;
  readonly #ground: Ground;
  /** Words that only this thread uses. */
  readonly #own = new Map<number, number>();
  #answers: readonly number[] = [];
  #given = 0;
  #passed: ReadonlySet<string> = new Set();
  #called: (() => void) | undefined;
  #stop: Stop | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.words = new Proxy(ground.words, {
      get: (_, index) => this.#read(Number(index)),
      set: (_, index, value) => (this.#write(Number(index), value), true),
    });
  }

  /**
   * Runs `code` with the answers it got so far.
   *
   * @param passed Checkpoints at which it does not stop.
   */
  run<R>(
    code: (memory: Recorder) => R,
    answers: readonly number[],
    passed: ReadonlySet<string> = new Set(),
  ): Reached<R> {
    this.#own.clear();
    this.#answers = answers;
    this.#given = 0;
    this.#passed = passed;
    current = this;
    this.#stop = undefined;
    try {
      const outcome = code(this);
      if (this.#stop === undefined) return { outcome };
    } catch (error) {
      if (this.#stop === undefined) throw error;
    }
    const { access, checkpoint } = this.#stop as Stop;
    return access === undefined ? { checkpoint: checkpoint! } : { access };
  }

  load(_: Int32Array, index: number): number {
    if (this.#ground.isConstant(index)) return this.#ground.words[index]!;
    return this.#step("load", index);
  }

  store(_: Int32Array, index: number, value: number): number {
    this.#step("store", index, value);
    return value;
  }

  add(_: Int32Array, index: number, value: number): number {
    return this.#step("add", index, value);
  }

  and(_: Int32Array, index: number, value: number): number {
    return this.#step("and", index, value);
  }

  or(_: Int32Array, index: number, value: number): number {
    return this.#step("or", index, value);
  }

  exchange(_: Int32Array, index: number, value: number): number {
    return this.#step("exchange", index, value);
  }

  compareExchange(_: Int32Array, index: number, expected: number, value: number): number {
    return this.#step("compareExchange", index, value, expected);
  }

  notify(_: Int32Array, index: number, count = Infinity): number {
    return this.#step("notify", index, count === Infinity ? 0x7fffffff : count);
  }

  /**
   * Says that all that the rest of the code depends on is `state`, and the words. Whoever comes here in the same
   * state goes on as the one who came first.
   */
  checkpoint(state: string): void {
    if (this.#stop !== undefined) throw this.#stop;
    if (this.#given < this.#answers.length || this.#passed.has(state)) return;
    throw this.#stop = new Stop(undefined, state);
  }

  /** As `Atomics.wait`. */
  wait(index: number, value: number): string {
    if (this.#step("arm", index, value, 1) === 0) return "not-equal";
    this.#step("rest", index, 1);
    return "ok";
  }

  /** As `Atomics.waitAsync`: what is called at the end is called by `rest`. */
  waitAsync(index: number, value: number): unknown {
    if (this.#step("arm", index, value, 0) === 0) return { async: false, value: "not-equal" };
    return { async: true, value: { then: (called: () => void) => this.#called = called } };
  }

  /** Lets the thread idle until its `waitAsync` is over. Answers 0, or which of so many `ways` it took instead. */
  rest(index: number, ways: number): number {
    const way = this.#step("rest", index, 0, ways);
    if (way === 0) this.#called!();
    return way;
  }

  /** Payloads of one value are one word here: values of the programs have 8 bytes. */
  copy(to: number, from: number, _bytes: number): void {
    this.#write(to >> 2, this.#read(from >> 2));
  }

  /** Reads without atomics what another thread may be writing; it is used only if that turns out not to be so. */
  peek(index: number): number {
    if (this.#ground.isPrivate(index)) return this.#own.get(index) ?? 0;
    return this.load(this.words, index);
  }

  #read(index: number): number {
    if (this.#ground.isPrivate(index)) return this.#own.get(index) ?? 0;
    if (this.#ground.isConstant(index)) return this.#ground.words[index]!;
    return this.#step(this.#ground.isFlag(index) ? "load" : "read", index);
  }

  #write(index: number, value: number): void {
    if (this.#ground.isPrivate(index)) this.#own.set(index, value);
    else this.#step("write", index, value);
  }

  #step(kind: Access["kind"], index: number, value = 0, expected = 0): number {
    if (this.#ground.isConstant(index) && kind !== "load") {
      throw new Error(`Cannot ${kind} word ${index}: the program says that nobody writes it`);
    }
    if (this.#stop !== undefined) throw this.#stop;
    if (this.#given < this.#answers.length) return this.#answers[this.#given++]!;
    throw this.#stop = new Stop({ kind, index, value, expected });
  }
}
