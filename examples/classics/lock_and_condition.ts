// The bounded buffer as it is built from a lock and two conditions.
//
// Watch for: `while` around each `wait`. Between the notification and the moment the task has the lock
// again, another one may have come and taken the value. A `Channel` is this, done once and for all.
import { Condition, Mutex } from "../../mod.ts";

class Buffer {
  readonly #lock = new Mutex();
  readonly #notFull = new Condition(this.#lock);
  readonly #notEmpty = new Condition(this.#lock);
  readonly #values: number[] = [];
  #closed = false;
  fullest = 0;

  async put(value: number): Promise<void> {
    using _permit = await this.#lock.acquire();
    while (this.#values.length === 5) await this.#notFull.wait(); // lets go of the lock meanwhile
    this.#values.push(value);
    this.fullest = Math.max(this.fullest, this.#values.length);
    this.#notEmpty.notify();
  }

  /** The next value, or undefined when there will be no more. */
  async take(): Promise<number | undefined> {
    using _permit = await this.#lock.acquire();
    while (this.#values.length === 0 && !this.#closed) await this.#notEmpty.wait();
    this.#notFull.notify();
    return this.#values.shift();
  }

  async close(): Promise<void> {
    using _permit = await this.#lock.acquire();
    this.#closed = true;
    this.#notEmpty.notifyAll(); // all, not one: each consumer that waits has to end
  }
}

const buffer = new Buffer();
const taken: number[] = [];
async function produce(from: number): Promise<void> {
  for (let n = from; n < from + 10; n++) await buffer.put(n);
}
async function consume(): Promise<void> {
  for (let n = await buffer.take(); n !== undefined; n = await buffer.take()) taken.push(n);
}

const producers = Promise.all([produce(1), produce(11)]);
const consumers = [consume(), consume()];
await producers;
await buffer.close();
await Promise.all(consumers);
console.log("in the buffer at most 5:", buffer.fullest <= 5);
console.log(taken.sort((a, b) => a - b).join(" "));

// Output:
// in the buffer at most 5: true
// 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
