/** Compiled, never run: what the primitives can be told, and what they answer. */
import {
  Barrier,
  Condition,
  Mutex,
  type Permit,
  type PrimitiveOptions,
  ResetEvent,
  Semaphore,
  type SemaphoreOptions,
  WaitGroup,
} from "../../mod.ts";
import { assertType, type Equals } from "./equals.ts";

export function takeAName(name: string | undefined): void {
  const options: PrimitiveOptions = { name };
  const mutex = new Mutex(options);
  const all = [
    mutex,
    new Semaphore(1, { max: 2, name: "permits" }),
    new Condition(mutex, { name }),
    new ResetEvent({ name }),
    new WaitGroup({ name }),
    new Barrier(2, { name }),
  ];
  assertType<Equals<typeof all[number]["name"], string | undefined>>();
}

export function needNoOptions(): unknown[] {
  const mutex = new Mutex();
  return [
    new Semaphore(1),
    new Condition(mutex),
    new ResetEvent(),
    new WaitGroup(),
    new Barrier(2),
  ];
}

export function refuseWhatIsNoName(): void {
  // @ts-expect-error: a name is a string
  new Mutex({ name: 5 });
  // @ts-expect-error: the name stands in options
  new ResetEvent("ready");
  // @ts-expect-error: only a semaphore has a max
  new WaitGroup({ max: 5 });
  // @ts-expect-error: a name is for reading
  new Barrier(2).name = "phase";
}

export async function handOutPermits(): Promise<void> {
  const acquired = await new Semaphore(1).acquire();
  const tried = new Mutex().tryAcquire();
  assertType<Equals<typeof acquired, Permit>>();
  assertType<Equals<typeof tried, Permit | undefined>>();
  assertType<Equals<Parameters<Mutex["acquire"]>[0], Parameters<Barrier["wait"]>[0]>>();
}

export function tellHowManyMeet(): void {
  const place = new Barrier(2).wait();
  assertType<Equals<typeof place, Promise<number>>>();
  assertType<Equals<SemaphoreOptions["name"], PrimitiveOptions["name"]>>();
}
