/**
 * Mistakes that one could make in the primitives and in scopes, in the shape of `core.mjs`.
 *
 * @type {readonly { file: string, what: string, find: string, replace: string, by?: string, equivalent?: string }[]}
 */
export const MUTANTS = [
  // Mutex and its permits.
  {
    file: "sync/mutex.ts",
    what: "a release frees the mutex before the next one has it: others come in between",
    find: "this.#holder = waiter?.value as Permit | undefined;",
    replace: "this.#holder = undefined;",
  },
  {
    file: "sync/mutex.ts",
    what: "a release forgets those who wait",
    find: "const waiter = this.#waiters.shift();",
    replace: "const waiter = undefined as Waiter | undefined;",
  },
  {
    file: "sync/mutex.ts",
    what: "the mutex does not ask whose permit comes back",
    find: "if (permit !== this.#holder) throw",
    replace: "if (this.#holder === undefined) throw",
  },
  {
    file: "sync/mutex.ts",
    what: "release() by the mutex leaves the permit good for a second one",
    find: "this.#holder.release();",
    replace: "this.#passOn();",
  },
  {
    file: "sync/mutex.ts",
    what: "tryAcquire gives a new permit for a held mutex",
    find: "if (this.#holder !== undefined) return undefined;",
    replace: "",
  },
  {
    file: "sync/mutex.ts",
    what: "who comes back from a condition overtakes those who wait for the mutex",
    find: "this.#waiters.push(waiter);",
    replace: "this.#waiters.insert(waiter, this.#waiters);",
  },
  {
    file: "sync/mutex.ts",
    what: "who comes back from a condition waits for a release although the mutex is free",
    find: "if (this.#holder === undefined) this.#passOn();",
    replace: "",
  },
  {
    file: "sync/mutex.ts",
    what: "a wait on a condition keeps the mutex",
    find: "this.#passOn();\n    return holder;",
    replace: "return holder;",
  },
  {
    file: "sync/mutex.ts",
    what: "an acquire with an aborted signal takes a free mutex",
    find:
      "if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);\n    const permit = this.tryAcquire();",
    replace:
      "const permit = this.tryAcquire();\n    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);",
  },
  {
    file: "sync/permit.ts",
    what: "a second release is no error",
    find: 'if (this.#released) throw releaseError(this.#lender, "it was released before");',
    replace: "if (this.#released) return;",
  },
  {
    file: "sync/permit.ts",
    what: "a permit does not remember that it was released",
    find: "this.#released = true;",
    replace: "",
  },
  {
    file: "sync/permit.ts",
    what: "a permit that could not be given back counts as released",
    find: "this.#lender[TAKE_BACK](this);\n    this.#released = true;",
    replace: "this.#released = true;\n    this.#lender[TAKE_BACK](this);",
  },
  {
    file: "sync/permit.ts",
    what: "the end of the block releases again",
    find: "if (!this.#released) this.release();",
    replace: "this.release();",
  },

  // Semaphore.
  {
    file: "sync/semaphore.ts",
    what: "a release adds a permit and wakes too",
    find: "if (waiter !== undefined) return wake(waiter, new Permit(this));",
    replace: "if (waiter !== undefined) wake(waiter, new Permit(this));",
  },
  {
    file: "sync/semaphore.ts",
    what: "a release only adds a permit: who waits, waits",
    find: "const waiter = this.#waiters.shift();",
    replace: "const waiter = undefined as Waiter | undefined;",
  },
  {
    file: "sync/semaphore.ts",
    what: "one release too many is no error",
    find: "if (this.#available === this.#max) {",
    replace: "if (this.#available > this.#max) {",
  },
  {
    file: "sync/semaphore.ts",
    what: "tryAcquire takes a permit that is not there",
    find: "if (this.#available === 0) return undefined;",
    replace: "if (this.#available < 0) return undefined;",
  },
  {
    file: "sync/semaphore.ts",
    what: "a semaphore may start with more permits than there may be",
    find: 'checkCount("options.max", max, permits);',
    replace: 'checkCount("options.max", max, 1);',
  },

  // Condition.
  {
    file: "sync/condition.ts",
    what: "an aborted wait rejects before it has the mutex again",
    find: "this.#failure = { error };\n    this.resume();",
    replace: "super.refuse(error);",
  },
  {
    file: "sync/condition.ts",
    what: "an aborted wait resolves when it has the mutex again",
    find: "this.#failure = { error };\n    this.resume();",
    replace: "this.resume();",
  },
  {
    file: "sync/condition.ts",
    what: "an abort ends the wait for the mutex too, and the notification is lost",
    find: "this.withdraw();\n    this.#mutex[RESUME](this);",
    replace: "this.#mutex[RESUME](this);",
  },
  {
    file: "sync/condition.ts",
    what: "notify wakes all",
    find: "for (let left = count; left > 0; left--) {",
    replace: "for (let left = count; left > 0;) {",
  },
  {
    file: "sync/condition.ts",
    what: "a wait with timeout 0 lets go of the mutex",
    find: "if (options?.timeout === 0) return refused(timeoutError());",
    replace: "",
  },
  {
    file: "sync/condition.ts",
    what: "notify does not ask whether the mutex is held",
    find: 'this.#checkHeld("notify");',
    replace: "",
  },

  // Event, group, barrier.
  {
    file: "sync/reset_event.ts",
    what: "set wakes only one",
    find:
      "for (let w = this.#waiters.shift(); w !== undefined; w = this.#waiters.shift()) wake(w);",
    replace: "const w = this.#waiters.shift();\n    if (w !== undefined) wake(w);",
  },
  {
    file: "sync/reset_event.ts",
    what: "an event stays set",
    find: "this.#isSet = false;\n  }",
    replace: "}",
  },
  {
    file: "sync/wait_group.ts",
    what: "a negative count wakes and is kept",
    find: "if (count < 0) {",
    replace: "if (count < -9) {",
  },
  {
    file: "sync/wait_group.ts",
    what: "a group wakes one too early",
    find: "if (count > 0) return;",
    replace: "if (count > 1) return;",
  },
  {
    file: "sync/barrier.ts",
    what: "an aborted arrival counts",
    find: "this.#leave();\n    super.refuse(error);",
    replace: "super.refuse(error);",
  },
  {
    file: "sync/barrier.ts",
    what: "a barrier works once",
    find: "this.#arrived = 0;\n    let place",
    replace: "let place",
  },
  {
    file: "sync/barrier.ts",
    what: "all have the same place",
    find: "w.settle(false, place++);",
    replace: "w.settle(false, place);",
  },

  // What they share.
  {
    file: "sync/waiting.ts",
    what: "wake-ups are not counted: two tasks that wake each other starve the event loop",
    find: "const list = backlog();",
    replace: "const list = undefined as (() => void)[] | undefined;",
    by: "event_loop",
  },
  {
    file: "sync/waiting.ts",
    what: "a wake-up that is held back can still be aborted",
    find: "waiter.withdraw();\n  const list",
    replace: "const list",
  },
  {
    file: "sync/waiting.ts",
    what: "a wake-up that is held back comes later than what was committed after it",
    find: "else list.push(() => waiter.settle(false, given));",
    replace: "else list.push(() => queueMicrotask(() => waiter.settle(false, given)));",
    by: "event_loop",
  },
  {
    file: "sync/waiting.ts",
    what: "a wait has no limits",
    find: "options === undefined ? waiter.promise : limit(waiter, options)",
    replace: "waiter.promise",
  },
  {
    file: "internal/wait.ts",
    what: "options are not checked",
    find: "checkWait(options);",
    replace: "",
  },

  {
    file: "sync/barrier.ts",
    what: "an arrival with timeout 0 counts for ever",
    find: "if (options?.timeout === 0) return refused(timeoutError());",
    replace: "",
  },
  {
    file: "sync/name.ts",
    what: "a name may be anything",
    find:
      'check(name === undefined || typeof name === "string", "options.name must be a string", name);',
    replace: "",
  },
  {
    file: "sync/name.ts",
    what: "errors do not tell the name",
    find: "name === undefined ? `a ${kind}` : `${kind} ${show(name)}`",
    replace: "`a ${kind}`",
  },
  {
    file: "sync/permit.ts",
    what: "errors of a permit do not tell the name",
    find: 'name === undefined ? "" : ` of ${show(name)}`',
    replace: '""',
  },

  // Scope.
  {
    file: "scope/scope.ts",
    what: "a scope does not wait for its tasks",
    find: "await this.#work.wait(this.#giveUp && { signal: this.#giveUp.signal });",
    replace: "await result.catch(ignore);",
  },
  {
    file: "scope/scope.ts",
    what: "an error does not abort the siblings",
    find: "this.#abort.abort(error);",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "whoever obeys the abort counts as a failure",
    find: "if (error === reason) return true;",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "an AbortError caused by the reason counts as a failure",
    find: 'return name === "AbortError" && cause === reason;',
    replace: "return false;",
  },
  {
    file: "scope/scope.ts",
    what: "any AbortError after an abort is dropped",
    find: 'return name === "AbortError" && cause === reason;',
    replace: 'return name === "AbortError";',
  },
  {
    file: "scope/scope.ts",
    what: "a single failure is wrapped",
    find: "const [first] = failures;\n  if (failures.size === 1) return first;",
    replace: "const [first] = failures;",
  },
  {
    file: "scope/scope.ts",
    what: "only the first failure is told",
    find: "if (failures.size === 1) return first;",
    replace: "if (failures.size > 0) return first;",
  },
  {
    file: "scope/scope.ts",
    what: "a task is started after a failure",
    find: "signal.throwIfAborted();",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "a task that fails passes its permit on before the abort",
    find: "this.#fail(error); // before the permit is passed on",
    replace: "permit?.release();\n      permit = undefined;\n      this.#fail(error);",
    equivalent: "the next task asks once more whether the scope was aborted, a microtask later",
  },
  {
    file: "scope/scope.ts",
    what: "tasks that wait their turn are not told of the abort",
    find: "await permits.acquire({ signal });",
    replace: "await permits.acquire();",
  },
  {
    file: "scope/scope.ts",
    what: "a task keeps its permit",
    find: "permit?.release();",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "the body takes a permit",
    find: "this.#perform(body, () => body(this));",
    replace: "this.#perform(body, () => body(this), this.#permits);",
  },
  {
    file: "scope/scope.ts",
    what: "a loop of go after a failure starves the event loop",
    find: "if (signal.aborted) return handled(refused(signal.reason));",
    replace: "",
    by: "scope_limit",
  },
  {
    file: "scope/scope.ts",
    what: "a look-out that is over leaves the scopes that began under it alone",
    find: "this.#observer?.aborted(",
    replace: "observer?.aborted(",
    by: "stuck_scopes",
  },
  {
    file: "scope/scope.ts",
    what: "go starts tasks after the end",
    find: "if (this.#work.count === 0) {\n      return refused",
    replace: "if (this.#work.count < 0) {\n      return refused",
  },
  {
    file: "scope/scope.ts",
    what: "an error of a task that nobody awaits ends the process",
    find: "promise.catch(ignore);",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "an abort from outside is not heard",
    find: "if (signal !== undefined) watch(signal, this.#outside);",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "a scope that has ended goes on listening to its signal",
    find: "if (this.#work.count === 0) this.#outside.withdraw(); // an abort is late now",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "an abort from outside after a failure is a further failure",
    find: "this.#outside.withdraw(); // an abort that comes now adds nothing\n",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "tasks that never wait starve the event loop",
    find: "const turn = pause();",
    replace: "const turn = undefined as Promise<void> | undefined;",
    by: "scope_limit",
  },
  {
    file: "scope/scope.ts",
    what: "a scope runs although its signal was aborted before",
    find: "if (signal?.aborted) return refused(signal.reason);",
    replace: "",
  },
  {
    file: "scope/scope.ts",
    what: "a scope that was given up waits on",
    find: "this.#giveUp?.abort(error)",
    replace: "void error",
    by: "stuck_scopes",
  },
];
