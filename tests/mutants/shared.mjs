/**
 * Mistakes that one could make in shared memory, in the shape of `core.mjs`. Those with a `program` must be
 * found by the explorer in that program, with at most so many `interrupts` (2 if nothing is said).
 *
 * @type {readonly { file: string, what: string, find: string, replace: string, by?: string, equivalent?: string, program?: string, interrupts?: number }[]}
 */
export const MUTANTS = [
  // Sending.
  {
    file: "workers/shared/ring.ts",
    what: "who publishes into a closed channel wakes one receiver",
    find:
      "if ((atoms.load(words, at + TAIL) & 1) !== 0) wakeAll(memory, at + RECEIVERS);\n      else if",
    replace: "if",
    program: "two places, two receivers, close at any time",
    interrupts: 3,
  },
  {
    file: "workers/shared/ring.ts",
    what: "a send believes that it is full although the tail has moved",
    find: "if (atoms.load(words, at + TAIL) !== tail) continue;\n        return FULL;",
    replace: "return FULL;",
    equivalent:
      "to who waits: whoever released the place since has woken a sender; only trySend may say no too often",
  },
  {
    file: "workers/shared/ring.ts",
    what: "a send wakes no receiver",
    find: "else if (wake) wakeOne(memory, at + RECEIVERS, self, position);",
    replace: "",
    program: "two values through one place",
  },
  {
    file: "workers/shared/ring.ts",
    what: "two sends claim one place",
    find: "if (atoms.compareExchange(words, at + TAIL, tail, next) !== tail) continue;",
    replace: "atoms.store(words, at + TAIL, next);",
    program: "two senders, positions wrap",
  },
  {
    file: "workers/shared/ring.ts",
    what: "that it is closed is no part of what a send claims",
    find: "if (atoms.compareExchange(words, at + TAIL, tail, next) !== tail) continue;",
    replace:
      "const was = atoms.compareExchange(words, at + TAIL, tail, next);\n      if (was === (tail | 1)) atoms.store(words, at + TAIL, next | 1);\n      else if (was !== tail) continue;",
    program: "one value, close at any time",
  },
  {
    file: "workers/shared/ring.ts",
    what: "a send publishes before the payload is there",
    find:
      "memory.copy((slot << 2) + PAYLOAD, from, sizeOf(header));\n      atoms.store(words, slot, position + 1);",
    replace:
      "atoms.store(words, slot, position + 1);\n      memory.copy((slot << 2) + PAYLOAD, from, sizeOf(header));",
    program: "two values through one place",
  },
  // Receiving.
  {
    file: "workers/shared/ring.ts",
    what: "a receive believes that it is empty although the head has moved",
    find: "if (atoms.load(words, at + HEAD) !== position) continue;\n        return EMPTY;",
    replace: "return EMPTY;",
    program: "two receivers, close after the sends",
  },
  {
    file: "workers/shared/ring.ts",
    what: "a receive wakes no sender",
    find: "if (wake) wakeOne(memory, at + SENDERS, self, position);",
    replace: "",
    program: "two values through one place",
  },
  {
    file: "workers/shared/ring.ts",
    what: "two receives claim one value",
    find: "if (atoms.compareExchange(words, at + HEAD, position, next) !== position) continue;",
    replace: "atoms.store(words, at + HEAD, next);",
    program: "two places, two receivers",
  },
  {
    file: "workers/shared/ring.ts",
    what: "a stamp counts the capacity, not the round: with one place free and full are the same",
    find: "(position + words[at + LAP]!) & POSITIONS);\n      if (wake)",
    replace: "(position + words[at + CAPACITY]!) & POSITIONS);\n      if (wake)",
    program: "two values through one place",
  },
  {
    file: "workers/shared/ring.ts",
    what: "the stamp of a released place does not wrap",
    find: "(position + words[at + LAP]!) & POSITIONS);\n      if (wake)",
    replace: "position + words[at + LAP]!);\n      if (wake)",
    program: "two values through one place",
  },
  {
    file: "workers/shared/ring.ts",
    what: "a receive that finds nothing says so also when it is closed",
    find: "return (tail & 1) !== 0 ? DRAINED : EMPTY;",
    replace: "return EMPTY;",
    program: "one value, close at any time",
  },
  {
    file: "workers/shared/ring.ts",
    what: "closed is drained, although a value is about to be published",
    find: "if (tail >>> 1 === position) return (tail & 1) !== 0 ? DRAINED : EMPTY;",
    replace:
      "if ((tail & 1) !== 0) return DRAINED;\n        if (tail >>> 1 === position) return EMPTY;",
    program: "one value, close at any time",
  },
  // Closing.
  {
    file: "workers/shared/ring.ts",
    what: "close wakes no receivers",
    find: "wakeAll(this.#memory, at + RECEIVERS);\n    wakeAll(this.#memory, at + SENDERS);",
    replace: "wakeAll(this.#memory, at + SENDERS);",
    program: "one value, close at any time",
  },
  {
    file: "workers/shared/ring.ts",
    what: "close wakes no senders",
    find: "wakeAll(this.#memory, at + RECEIVERS);\n    wakeAll(this.#memory, at + SENDERS);",
    replace: "wakeAll(this.#memory, at + RECEIVERS);",
    program: "the receiver leaves, close at any time",
  },
  // Waking.
  {
    file: "workers/shared/bells.ts",
    what: "who rings does not notify",
    find: "return atoms.notify(words, thread + BELL) !== 0;",
    replace: "return true;",
    program: "one value, close at any time",
  },
  {
    file: "workers/shared/bells.ts",
    what: "a late waker takes back the flag of the next sleep",
    find: "if (atoms.load(words, thread + ASLEEP) === before) {",
    replace:
      "if (\n    atoms.load(words, thread + ASLEEP) === before &&\n    atoms.exchange(words, thread + ASLEEP, 0) === before\n  ) {",
    program: "two senders, close at any time",
  },
  {
    file: "workers/shared/bells.ts",
    what: "who rings looks whether the thread sleeps before it rings",
    find:
      "const before = atoms.add(words, thread + BELL, RING);\n  if (atoms.load(words, thread + ASLEEP) === before) {",
    replace:
      "const asleep = atoms.load(words, thread + ASLEEP);\n  const before = atoms.add(words, thread + BELL, RING);\n  if (asleep === before) {",
    program: "one value, close at any time",
  },
  {
    file: "workers/shared/bells.ts",
    what: "a thread that did not wake is taken for one that did",
    find: "return atoms.notify(words, thread + BELL) !== 0;",
    replace: "atoms.notify(words, thread + BELL);\n    return true;",
    program: "a receiver dies in its sleep",
  },
  {
    file: "workers/shared/bells.ts",
    what: "who loses a thread to another waker wakes nobody",
    find: "if (claim(memory, mask + half, place) && ring(memory, half * 32 + place)) return true;",
    replace:
      "if (!claim(memory, mask + half, place) || ring(memory, half * 32 + place)) return true;",
    equivalent: "whoever is woken, and takes something, looks whether there is more for others",
  },
  {
    file: "workers/shared/bells.ts",
    what: "a thread that leaves clears the bits of others",
    find: "return (atoms.and(words, mask + (self >>> 5), ~bit) & bit) !== 0;",
    replace: "return (atoms.and(words, mask + (self >>> 5), 0) & bit) !== 0;",
    program: "two places, two receivers",
  },
  {
    file: "workers/shared/bells.ts",
    what: "waking all forgets who comes in between",
    find: "if (claimed !== 0) claimed = memory.atoms.exchange(memory.words, mask + half, 0);",
    replace: "if (claimed !== 0) memory.atoms.store(memory.words, mask + half, 0);",
    program: "two places, two receivers, close at any time",
  },
  {
    file: "workers/shared/bells.ts",
    what: "waking all leaves the bits",
    find: "if (claimed !== 0) claimed = memory.atoms.exchange(memory.words, mask + half, 0);",
    replace: "",
    equivalent: "the next who wakes one finds a thread that is awake, and goes on to the next",
  },
  // Waiting.
  {
    file: "workers/shared/local_queue.ts",
    what: "who leaves keeps a wake that he has no use for",
    find: "if (domain.delist(this.#mask) || !this.#awaited.ready()) return;",
    replace: "domain.delist(this.#mask);\n    if (this.#mask > 0) return;",
    program: "a receiver gives up what another waits for",
  },
  {
    file: "workers/shared/pump.ts",
    what: "the pump tries first, and then sets the bit again",
    find: "queue.enlist();\n      const served = queue.serve(left);",
    replace:
      "const served = queue.serve(left);\n      if (this.#queues.has(queue)) queue.enlist();",
    program: "two receivers of one value each",
  },
  {
    file: "workers/shared/pump.ts",
    what: "the pump does not look at what was claimed before it listened again",
    find: "// What was claimed while nobody listened.\n    this.#look();",
    replace: "",
    program: "two values, promised",
  },
  {
    file: "workers/shared/blocking.ts",
    what: "a blocking wait hears the bell after it has looked",
    find: "pump.sleep(seen, left);",
    replace: "pump.sleep(domain.bellValue(), left);",
    program: "two values, blocking",
  },
  {
    file: "workers/shared/pump.ts",
    what: "a park does not set the bit",
    find: "if (!this.#armed) this.#arm();\n    queue.enlist();",
    replace: "if (!this.#armed) this.#arm();",
    program: "two values, promised",
  },
  {
    file: "workers/shared/shared_end.ts",
    what: "who was served does not look whether there is more for others",
    find: "this.receivers.rest();\n    this.#passOn();",
    replace: "this.receivers.rest();",
    program: "two senders and two receivers of one value each",
  },

  // Batches.
  {
    file: "workers/shared/batch_receives.ts",
    what: "a parked recvMany takes what others wait for behind it",
    find: "most > 0 && end.receivers.hasOne",
    replace: "most > 0",
    by: "channel.test",
  },
  {
    file: "workers/shared/batch_receives.ts",
    what: "the error of a value that cannot be read has only what came with it",
    find: "[...before, ...values]",
    replace: "values",
    by: "batches_hostile",
  },
  {
    file: "workers/shared/batch_receives.ts",
    what: "a batch counts as one operation for the guard of the event loop",
    find: "PRICE = 1 / 16;",
    replace: "PRICE = 0;",
    by: "batches_hostile",
  },
  {
    file: "workers/shared/domain.ts",
    what: "operations within a send use its scratch",
    find: "this.scratch = this.#scratches[next] ??= this.allocate(this.scratchBytes);",
    replace: "this.#scratches[next] ??= this.scratch;",
    by: "batches_hostile",
  },
  {
    file: "workers/shared/shared_channel.ts",
    what: "sendMany does not ask an array how it is iterated",
    find: "&& values[Symbol.iterator] === eachOf",
    replace: "",
    by: "batches_hostile",
  },
];
