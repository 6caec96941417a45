/**
 * Mistakes that one could make in the core, as changes of its text: `find`, which stands in `file`
 * exactly once, becomes `replace`. Tried by tools/mutants.mjs. `by` names the tests that should notice,
 * which are then tried first; `equivalent` gives the reason why none can.
 *
 * @type {readonly { file: string, what: string, find: string, replace: string, by?: string, equivalent?: string }[]}
 */
export const MUTANTS = [
  // Order and hand-over.
  {
    file: "internal/waiter.ts",
    what: "who came last is served first",
    find: "let place = this.prev;",
    replace: "let place: Link = this;",
  },
  {
    file: "channel/channel.ts",
    what: "trySend fills the buffer before it serves a parked receiver",
    find: `throw this.refusal(value);
    const receiver = this.#receivers.shift();`,
    replace: `throw this.refusal(value);
    const receiver = this.#buffer.size < this.#capacity ? undefined : this.#receivers.shift();`,
  },
  {
    file: "channel/channel.ts",
    what: "send fills the buffer before it serves a parked receiver",
    find: `return refused(this.refusal(value));
    const receiver = this.#receivers.shift();`,
    replace: `return refused(this.refusal(value));
    const receiver = this.#buffer.size < this.#capacity ? undefined : this.#receivers.shift();`,
  },
  {
    file: "channel/channel.ts",
    what: "a receive does not let the parked sender in",
    find: "const sender = this.#senders.shift();\n    if (this.#buffer.size > 0) {",
    replace:
      "const sender = this.#buffer.size > 0 ? undefined : this.#senders.shift();\n    if (this.#buffer.size > 0) {",
  },
  {
    file: "channel/channel.ts",
    what: "the value of the parked sender is lost on its way into the buffer",
    find: "this.#buffer.push(sender.value as T);",
    replace: "",
  },
  {
    file: "channel/channel.ts",
    what: "the value of the parked sender overtakes the buffer",
    find: "const value = this.#buffer.shift();\n      if (sender === undefined) return value;",
    replace:
      "if (sender === undefined) return this.#buffer.shift();\n      const value = sender.value as T;\n      sender.value = this.#buffer.shift();",
  },
  {
    file: "channel/channel.ts",
    what: "trySend parks nobody, but leaves room for one more",
    find: `else if (this.#buffer.size < this.#capacity) this.#buffer.push(value);
    else if (this.#overflow !== "wait")`,
    replace: `else if (this.#buffer.size <= this.#capacity) this.#buffer.push(value);
    else if (this.#overflow !== "wait")`,
  },
  {
    file: "channel/channel.ts",
    what: "send takes one value more than the capacity",
    find: `else if (this.#buffer.size < this.#capacity) this.#buffer.push(value);
    else if (this.#overflow === "wait")`,
    replace: `else if (this.#buffer.size <= this.#capacity) this.#buffer.push(value);
    else if (this.#overflow === "wait")`,
  },
  {
    file: "channel/channel.ts",
    what: "the size counts the parked senders",
    find: "    return this.#buffer.size;",
    replace: "    return this.#buffer.size + this.#senders.length;",
  },
  {
    file: "channel/base.ts",
    what: "recvMany takes one value more than it may",
    find: "while (batch.length < max)",
    replace: "while (batch.length <= max)",
  },
  {
    file: "channel/base.ts",
    what: "recvMany takes one value only",
    find: "while (batch.length < max)",
    replace: "while (false)",
  },

  // One decision.
  {
    file: "internal/waiter.ts",
    what: "the siblings of a settled case stay in their queues",
    find: "} while (entry !== this);",
    replace: "} while (false);",
  },
  {
    file: "internal/waiter.ts",
    what: "a case that is settled leaves its siblings parked",
    find: "if (this.sibling !== this || this.next !== this) this.withdraw();",
    replace: "if (this.next !== this) this.withdraw();",
  },
  {
    file: "internal/waiter.ts",
    what: "an aborted operation stays parked",
    find: `  refuse(error: unknown): void {
    this.withdraw();`,
    replace: "  refuse(error: unknown): void {",
  },
  {
    file: "internal/waiter.ts",
    what: "siblings leave a microtask later, so that abort beats commit",
    find: "if (this.sibling !== this || this.next !== this) this.withdraw();",
    replace: "queueMicrotask(() => this.withdraw());",
  },
  {
    file: "internal/waiter.ts",
    what: "who is withdrawn takes the next in the queue along",
    find: "next.prev = prev;",
    replace: "next.prev = prev; prev.next = next.next;",
  },

  // Ends.
  {
    file: "channel/channel.ts",
    what: "close drops the buffer",
    find: "  close(): void {",
    replace: "  close(): void {\n    this.#buffer.clear();",
  },
  {
    file: "channel/channel.ts",
    what: "close rejects the parked senders",
    find: "  close(): void {\n    this.#end(undefined);",
    replace: `  close(): void {
    this.#end(undefined);
    for (let s = this.#senders.shift(); s !== undefined; s = this.#senders.shift()) {
      s.refuse(this.refusal(s.value as T));
    }`,
  },
  {
    file: "channel/channel.ts",
    what: "close leaves the receivers parked",
    find: "endAll(this.#receivers, failure);",
    replace: "if (failure !== undefined) endAll(this.#receivers, failure);",
  },
  {
    file: "channel/channel.ts",
    what: "fail leaves the receivers parked",
    find: "endAll(this.#receivers, failure);",
    replace: "if (failure === undefined) endAll(this.#receivers, failure);",
  },
  {
    file: "internal/waiter.ts",
    what: "fail ends parked receivers as close does",
    find: "if (failure === undefined) waiter.settle(true, undefined);",
    replace: "if (failure !== null) waiter.settle(true, undefined);",
  },
  {
    file: "channel/channel.ts",
    what: "the last of close and fail decides",
    find: "    if (this.#closed) return;\n    this.#closed = true;",
    replace: "    this.#closed = true;",
  },
  {
    file: "channel/channel.ts",
    what: "the error of fail is reported once",
    find: "    return this.#failure;",
    replace:
      "    const failure = this.#failure;\n    this.#failure = undefined;\n    return failure;",
  },
  {
    file: "channel/channel.ts",
    what: "a cancelled channel still rejects because it had failed",
    find: "    this.#failure = undefined;\n",
    replace: "",
  },
  {
    file: "channel/channel.ts",
    what: "cancel leaves the senders parked",
    find: "sender !== undefined; sender = this.#senders.shift()",
    replace: "sender !== undefined && false; sender = this.#senders.shift()",
  },
  {
    file: "channel/channel.ts",
    what: "a send that cancel cuts off does not tell the reason",
    find: "this.refusal(sender.value as T, reason)",
    replace: "this.refusal(sender.value as T)",
  },
  {
    file: "channel/channel.ts",
    what: "a send that cancel cuts off can end the process",
    find: "sender.promise.catch(ignore);",
    replace: "",
    by: "cancel",
  },
  {
    file: "channel/channel.ts",
    what: "a rejected send does not give its value back",
    find: "(`Cannot send to a closed channel${name}`, value, cause)",
    replace: "(`Cannot send to a closed channel${name}`, undefined, cause)",
  },
  {
    file: "channel/channel.ts",
    what: "trySend answers false on a closed channel",
    find: "if (this.#closed) throw this.refusal(value);",
    replace: "if (this.#closed) return false;",
  },
  {
    file: "channel/channel.ts",
    what: "send stores values in a closed channel",
    find: "if (this.#closed) return refused(this.refusal(value));",
    replace: "",
  },

  // Values that are dropped.
  {
    file: "channel/channel.ts",
    what: "drop-oldest drops the newest",
    find: 'if (this.#overflow === "drop-oldest") {',
    replace: 'if (this.#overflow === "drop-newest") {',
  },
  {
    file: "channel/channel.ts",
    what: "what overflow drops is not told",
    find: "this.#onDrop?.(dropped);",
    replace: "",
  },
  {
    file: "channel/channel.ts",
    what: "what overflow drops is told twice",
    find: "this.#onDrop?.(dropped);",
    replace: "this.#onDrop?.(dropped);\n    this.#onDrop?.(dropped);",
  },
  {
    file: "channel/channel.ts",
    what: "what cancel drops is told twice",
    find: "      onDrop(value);",
    replace: "      onDrop(value);\n      onDrop(value);",
  },
  {
    file: "channel/channel.ts",
    what: "what cancel drops is not told",
    find: "if (onDrop !== undefined && dropped.length > 0)",
    replace: "if (onDrop !== undefined && dropped.length < 0)",
  },
  {
    file: "channel/channel.ts",
    what: "cancel tells the values of sends that it rejects as dropped",
    find: "sender.refuse(this.refusal(sender.value as T, reason));",
    replace:
      "sender.refuse(this.refusal(sender.value as T, reason));\n      this.#onDrop?.(sender.value as T);",
  },
  {
    file: "channel/channel.ts",
    what: "a hook that throws keeps the other dropped values from being told",
    find: "      errors.push(error);",
    replace: "      errors.push(error);\n      break;",
    by: "on_drop",
  },

  // Abort, timeout, timers.
  {
    file: "channel/channel.ts",
    what: "send does not look at an aborted signal",
    find:
      `    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#closed)`,
    replace: "    if (this.#closed)",
  },
  {
    file: "channel/channel.ts",
    what: "recv does not look at an aborted signal",
    find:
      `    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const value`,
    replace: "    const value",
  },
  {
    file: "select/select.ts",
    what: "select does not look at an aborted signal",
    find: "  if (aborted) return refused(options.signal?.reason);\n",
    replace: "",
  },
  {
    file: "internal/wait.ts",
    what: "a timeout of 0 beats an operation that can go",
    find: "return Boolean(options.signal?.aborted);",
    replace: "return Boolean(options.signal?.aborted) || options.timeout === 0;",
  },
  {
    file: "internal/wait.ts",
    what: "a timeout of 0 parks",
    find: "if (timeout === 0) {",
    replace: "if (timeout === -1) {",
  },
  {
    file: "internal/abort.ts",
    what: "each wait has a listener of its own",
    find: "if (queue === undefined) queues.set(signal, queue = new SignalQueue(signal));",
    replace: "queues.set(signal, queue = new SignalQueue(signal));",
    by: "abort_signals",
  },
  {
    file: "internal/abort.ts",
    what: "the listener is never taken away",
    find: '    this.#signal.removeEventListener("abort", this);',
    replace: "",
    by: "abort_signals",
  },
  {
    file: "internal/armed_queue.ts",
    what: "the listener or timer is taken away while somebody still waits",
    find: "if (this.empty) this.disarm();",
    replace: "this.disarm();",
    by: "abort_signals",
  },
  {
    file: "internal/abort.ts",
    what: "only the first who waits on a signal is told",
    find:
      "for (let entry = this.shift(); entry !== undefined; entry = this.shift()) entry.fire(reason);",
    replace: "this.shift()?.fire(reason);",
  },
  {
    file: "internal/alarm.ts",
    what: "all alarms of a list ring with the first",
    find: "if (entry.deadline > now) return this.#set(entry.deadline);",
    replace: "",
  },
  {
    file: "internal/alarm.ts",
    what: "an older deadline that comes late waits for the younger ones",
    find: "while (place !== this && (place as Waiter).deadline > deadline) place = place.prev;",
    replace: "",
    by: "timers",
  },
  {
    file: "internal/alarm.ts",
    what: "a timer that nobody needs is not taken away",
    find: "if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);",
    replace: "",
    by: "timers",
  },
  {
    file: "internal/alarm.ts",
    what: "a timer of more than 2^31 ms rings at once",
    find: "Math.min(ms, LONGEST_TIMER)",
    replace: "ms",
    by: "timers",
  },
  {
    file: "select/after.ts",
    what: "after() fires again and again",
    find: "    this.#fired = true;",
    replace: "",
    by: "timers",
  },
  {
    file: "select/every.ts",
    what: "every() gives late ticks one by one",
    find: "this.#last = this.#due()",
    replace: "++this.#last",
    by: "timers",
  },

  // Select.
  {
    file: "select/select.ts",
    what: "the first ready case is always taken",
    find: "(priority || below(n) > 0)",
    replace: "true",
    by: "fairness",
  },
  {
    file: "select/select.ts",
    what: "the last ready case has half of all chances",
    find: "(priority || below(n) > 0)",
    replace: "(priority || below(2) > 0)",
    by: "fairness",
  },
  {
    file: "select/select.ts",
    what: "priority is not looked at",
    find: "(priority || below(n) > 0)",
    replace: "below(n) > 0",
  },
  {
    file: "internal/waiter.ts",
    what: "cases on one channel are parked in source order",
    find: "if (shuffle && entry.sibling !== entry)",
    replace: "if (shuffle && entry === undefined)",
    by: "fairness",
  },
  {
    file: "internal/waiter.ts",
    what: "a shuffled case goes before other operations",
    find: "before !== this && (before as Waiter).promise === entry.promise",
    replace: "before !== this",
  },
  {
    file: "select/select.ts",
    what: "a select matches itself while it parks",
    find: "candidate[PARK](waiter, !priority);",
    replace: "candidate[READY]() ? candidate[POLL]() : candidate[PARK](waiter, !priority);",
  },
  {
    file: "select/select.ts",
    what: "a select parks although a case is ready",
    find: "let chosen = choose(cases, priority);",
    replace: "let chosen = Math.random() < 2 ? undefined : choose(cases, priority);",
  },
  {
    file: "channel/channel.ts",
    what: "a closed channel is not ready to receive from",
    find: "return this.#buffer.size > 0 || !this.#senders.empty || this.#closed;",
    replace: "return this.#buffer.size > 0 || !this.#senders.empty;",
  },
  {
    file: "channel/channel.ts",
    what: "a parked sender makes no case ready",
    find: "return this.#buffer.size > 0 || !this.#senders.empty || this.#closed;",
    replace: "return this.#buffer.size > 0 || this.#closed;",
  },
  {
    file: "channel/channel.ts",
    what: "a closed channel is not ready to send to",
    find: "return this.#closed || !this.#receivers.empty ||",
    replace: "return !this.#receivers.empty ||",
  },
  {
    file: "channel/channel.ts",
    what: "a dropping channel that is full is not ready to send to",
    find: `this.#buffer.size < this.#capacity ||
      this.#overflow !== "wait";`,
    replace: "this.#buffer.size < this.#capacity;",
  },
  {
    file: "select/select_each.ts",
    what: "selectEach() reports a closed channel for ever",
    find: "if (done || ",
    replace: "if (",
    by: "select_each",
  },
  {
    file: "select/once.ts",
    what: "once() reports a rejection as the end",
    find: "(error) => this.end({ error }),",
    replace: "() => this.end(),",
    by: "once",
  },

  // Loops and many at once.
  {
    file: "channel/base.ts",
    what: "the end of a loop leaves its next() parked",
    find: "if (waiter.parked) waiter.settle(true, undefined);",
    replace: "if (!waiter.parked) waiter.settle(true, undefined);",
  },
  {
    file: "channel/base.ts",
    what: "a loop keeps the waits that are over until it waits again",
    find: "while (this.#waiters.size > 0 && !this.#waiters.first!.parked) this.#waiters.shift();",
    replace: "",
    by: "memory",
  },
  {
    file: "internal/wait.ts",
    what: "a loop of operations with timeout 0 starves the event loop",
    find: "return refused(timeoutError()); // paced",
    replace: "return Promise.reject(timeoutError()); // paced",
    by: "event_loop_guard",
  },
  {
    file: "channel/send_many.ts",
    what: "a loop of sendMany() of nothing starves the event loop",
    find: "if (done && accepted === 0) await pause();",
    replace: "",
    by: "event_loop_guard",
  },
  {
    file: "select/select_each.ts",
    what: "a selectEach() that is over starves the event loop",
    find: "await pause(); // there is no select that would do it",
    replace: "",
    by: "event_loop_guard",
  },
  {
    file: "channel/base.ts",
    what: "a loop goes on after its end",
    find: "    this.#from = NOTHING;\n",
    replace: "",
  },
  {
    file: "channel/send_many.ts",
    what: "sendMany() counts the end of its source as a value",
    find: "if (done) return accepted;",
    replace: "if (done) return accepted + 1;",
    by: "many",
  },

  // Memory.
  {
    file: "internal/ring.ts",
    what: "a slot keeps the value that was read",
    find: "    this.#slots[head] = undefined;\n",
    replace: "",
    by: "memory",
  },
  {
    file: "internal/ring.ts",
    what: "a ring that has grown keeps its order only from slot 0",
    find: "slots[i] = this.#slots[(this.#head + i) & this.#mask];",
    replace: "slots[i] = this.#slots[i];",
    by: "ring",
  },

  // Event loop.
  {
    file: "internal/pace.ts",
    what: "no guard",
    find: "if (now - turnStart < LONGEST) return false;",
    replace: "if (now - turnStart < Infinity) return false;",
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "the guard delays the release of a partner",
    find: "  if (hopping === undefined) settle(result);",
    replace:
      `  if (hopping === undefined && delayed !== undefined) delayed.push(() => settle(result));
  else if (hopping === undefined) settle(result);`,
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "each operation that finishes at once is delayed by a turn",
    find: "if (now - turnStart < LONGEST) return false;",
    replace: "",
  },
  {
    file: "internal/pace.ts",
    what: "the guard settles in reverse order",
    find: "  turnStart = 0;\n  for (const settle of list) settle();",
    replace: "  turnStart = 0;\n  for (const settle of list.reverse()) settle();",
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "no hop",
    find: "if (--releases < 0 &&",
    replace: "if (releases < 0 &&",
    by: "guard",
  },
  {
    file: "internal/pace.ts",
    what: "what is settled during a hop overtakes it",
    find: "  else hopping.push(() => settle(result));",
    replace: "  else settle(result);",
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "what finishes at once during a hop overtakes it",
    find: "  budget = 1; // for the operation that releases the partner",
    replace: "",
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "after an operation without a promise the next one overtakes the hop",
    find: "  if (hopping !== undefined) budget = 0;",
    replace: "",
    by: "generated",
  },
  {
    file: "internal/pace.ts",
    what: "what is rejected at once during a hop overtakes it",
    find: "if (--budget >= 0 || !late()) return Promise.reject(error);",
    replace: "if (true) return Promise.reject(error);",
    by: "generated",
  },

  // Values and reports.
  {
    file: "channel/send_case.ts",
    what: "a send case that parks forgets its value",
    find: "    waiter.value = this.#value;\n",
    replace: "",
  },
  {
    file: "channel/send_case.ts",
    what: "send cases on one channel are parked in source order",
    find: "this.#port[PARK_SEND](waiter, shuffle);",
    replace: "this.#port[PARK_SEND](waiter, shuffle && false);",
    by: "fairness",
  },
  {
    file: "internal/waiter.ts",
    what: "a parked recvMany reports the end as a value",
    find: "done ? [] : [value]",
    replace: "[value]",
  },
  {
    file: "select/select.ts",
    what: "a parked select over a list reports its key as text",
    find: "leader = parkCase(cases[key], key, leader",
    replace: "leader = parkCase(cases[key], String(key), leader",
  },
  {
    file: "select/select.ts",
    what: "trySelect reports a failed channel as closed",
    find: "if (failure !== undefined) throw failure.error;",
    replace: "",
  },
  {
    file: "channel/channel.ts",
    what: "cancel does nothing on a channel that is closed",
    find: "  cancel(reason?: unknown): void {",
    replace: "  cancel(reason?: unknown): void {\n    if (this.#closed) return;",
  },
  {
    file: "channel/channel.ts",
    what: "a rendezvous stores the value of the parked sender too",
    find: "const value = sender.value as T;",
    replace: "const value = sender.value as T;\n    this.#buffer.push(value);",
  },
  {
    file: "internal/waiter.ts",
    what: "who was withdrawn can be settled again",
    find: "entry.prev = entry.next = entry.sibling = entry;",
    replace: "entry.sibling = entry;",
    by: "withdrawn",
  },
  {
    file: "internal/wait.ts",
    what: "an operation with a timeout does not hear its signal",
    find: "if (signal !== undefined) {",
    replace: "if (signal !== undefined && timeout === Infinity) {",
  },
  {
    file: "internal/pace.ts",
    what: "the guard takes all turns for one",
    find: "function forgetTurn(): void {\n  turnStart = 0;",
    replace: "function forgetTurn(): void {",
    by: "interleavings",
  },
  {
    file: "channel/channel.ts",
    what: "the guard and the hop leave senders alone",
    find: "return paced(SENT, undefined);",
    replace: "return SENT;",
    by: "commit_order",
  },
  {
    file: "internal/ring.ts",
    what: "a ring does not shrink",
    find: "if (--this.#size * 8 < this.#mask",
    replace: "if (--this.#size * 8 < 0",
    by: "ring",
  },
  {
    file: "internal/abort.ts",
    what: "the listener is added again for each wait",
    find: "if (this.#listening) return;",
    replace: "",
    by: "memory",
  },
  {
    file: "internal/armed_queue.ts",
    what: "a queue asks several times a turn to be disarmed",
    find: "if (this.#disarming) return;",
    replace: "",
    by: "memory",
  },

  // Nobody can see a difference.
  {
    file: "internal/waiter.ts",
    what: "who stands alone in no queue is withdrawn too",
    find: "if (this.sibling !== this || this.next !== this) this.withdraw();",
    replace: "this.withdraw();",
    equivalent: "unlinking what is linked to itself changes nothing; the test only saves time",
  },
  {
    file: "channel/channel.ts",
    what: "a rendezvous hops too",
    find: "this.#capacity > 0);",
    replace: "true);",
    equivalent: "a hop keeps the order; without a buffer it only costs time",
  },
];
