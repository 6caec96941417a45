/** What the threads of a crowd do: they send and receive, and check what they get. */
import { select } from "../../../mod.ts";
import { selectSync } from "../../../workers/shared/select_sync.ts";
import type { SharedChannel } from "../../../workers/shared/shared_channel.ts";
import { isFrom, makeValue, type Value } from "./value.ts";

/** How a thread waits. */
export type Way = "async" | "sync" | "select" | "selectSync";

/** What a sender does. */
export interface SendWork {
  readonly id: number;
  readonly count: number;
  readonly way: Way;
}

/** What a receiver does. */
export interface ReceiveWork {
  readonly way: Way;
  /** One byte for each value of each sender: how often it has come. */
  readonly seen: Uint8Array;
  /** How many values each sender sends. */
  readonly each: number;
}

const idle = new Int32Array(new SharedArrayBuffer(4));
const PAUSES = 1 / 512;
const LONGEST_PAUSE = 0.2;

/** Now and then a thread stands still for a moment, wherever it is between two operations. */
function pauseMaybe(): void {
  if (Math.random() < PAUSES) Atomics.wait(idle, 0, 0, Math.random() * LONGEST_PAUSE);
}

/** Sends the values of one sender. */
export async function send(to: SharedChannel<Value>, { id, count, way }: SendWork): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    const value = makeValue(id, nth);
    if (way === "async") await to.send(value);
    else if (way === "sync") to.sendSync(value);
    else if (way === "select") await select({ out: to.sendCase(value) });
    else selectSync({ out: to.sendCase(value) });
    pauseMaybe();
  }
}

/** Receives until the end. Answers how many there were, or what was wrong. */
export async function receive(
  from: SharedChannel<Value>,
  quiet: SharedChannel<Value>,
  work: ReceiveWork,
): Promise<number | string> {
  const check = new Check(work);
  for (;;) {
    const next = work.way === "sync"
      ? from.recvSync()
      : work.way === "async"
      ? await from.recv()
      : work.way === "select"
      ? await select({ in: from, quiet })
      : selectSync({ in: from, quiet });
    if (next.done) return check.wrong ?? check.count;
    check.take(next.value);
    pauseMaybe();
  }
}

/** What one receiver knows of what it has got. */
export class Check {
  count = 0;
  wrong: string | undefined;
  readonly #work: ReceiveWork;
  readonly #last: number[] = [];

  constructor(work: ReceiveWork) {
    this.#work = work;
  }

  take(value: Value): void {
    const { from, nth } = value;
    const { seen, each } = this.#work;
    const last = this.#last[from] ?? -1;
    if (!isFrom(value)) this.wrong ??= `${from}/${nth} is damaged`;
    if (nth <= last) this.wrong ??= `${from}/${nth} came after ${from}/${last}`;
    if (Atomics.add(seen, from * each + nth, 1) !== 0) this.wrong ??= `${from}/${nth} came twice`;
    this.#last[from] = nth;
    this.count++;
  }
}

/** Sends everything back. */
export async function echo(
  from: SharedChannel<number>,
  to: SharedChannel<number>,
): Promise<void> {
  for await (const value of from) to.sendSync(value);
  to.close();
}
