/** The lock in every order of its accesses to shared memory that has few interruptions. */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { explore, replay, search } from "./explorer/explore.ts";
import { type Acquiring, loadLocks, lockProgram } from "./primitive_explorer.ts";

interface Cast {
  readonly threads: readonly Acquiring[];
  readonly interrupts: number;
}

const CASTS = {
  "two threads, twice each": {
    threads: [{ way: "async", times: 2 }, { way: "sync", times: 2 }],
    interrupts: 4,
  },
  "three threads": {
    threads: [{ way: "sync", times: 2 }, { way: "async", times: 1 }, { way: "sync", times: 1 }],
    interrupts: 3,
  },
  "a thread gives up what another waits for": {
    threads: [
      { way: "sync", times: 2 },
      { way: "async", times: 1, abort: true },
      { way: "async", times: 1 },
    ],
    interrupts: 3,
  },
} as const satisfies Record<string, Cast>;

const MISTAKES = [
  {
    what: "two threads take one permit",
    file: "workers/shared/stock.ts",
    find: "return atoms.compareExchange(words, this.#first + i, from, to) === from;",
    replace: "return atoms.store(words, this.#first + i, to) === to;",
    program: "two threads, twice each",
  },
  {
    what: "who releases wakes nobody",
    file: "workers/shared/gate.ts",
    find: "    this.passOn();\n    this.queue.serve();\n    return true;",
    replace: "    this.queue.serve();\n    return true;",
    program: "two threads, twice each",
  },
  {
    what: "who releases looks for those who wait before",
    file: "workers/shared/gate.ts",
    find: "    if (!this.stock.put()) return false;\n    this.passOn();",
    replace: "    this.passOn();\n    if (!this.stock.put()) return false;",
    program: "two threads, twice each",
  },
  {
    what: "who gives up does not pass on what it was woken for",
    file: "workers/shared/gate.ts",
    find: "if ((hungry || claimed) && stock.some) this.#gate.passOn();",
    replace: "",
    program: "a thread gives up what another waits for",
  },
  {
    what: "who calls a hungry thread does not say what for",
    file: "workers/shared/turn.ts",
    find: "  delist(memory, at + WAITING, slot);\n",
    replace: "",
    program: "three threads",
  },
] as const;

const shipped = await loadLocks();
for (const [name, { threads, interrupts }] of Object.entries<Cast>(CASTS)) {
  test(`a lock is right in every order of steps: ${name}`, () => {
    const program = lockProgram(shipped, name, threads);
    const { violation, schedule } = explore(program, { interrupts });
    assertEquals(violation && replay(program, schedule), undefined, `schedule: ${schedule}`);
  });
}

for (const mistake of MISTAKES) {
  test(`explore() finds the mistake: ${mistake.what}`, async () => {
    const { threads, interrupts } = CASTS[mistake.program];
    const program = lockProgram(await loadLocks(mistake), mistake.what, threads);
    assert(search(program, { interrupts }).violation !== undefined, "nothing was found");
  });
}
