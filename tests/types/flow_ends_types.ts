/** Compiled, never run: the types of the ends of flows, of events and of broadcasts. */
import { EventEmitter } from "node:events";
import {
  Broadcast,
  type Channel,
  collect,
  type Flow,
  fromEvent,
  fromReadableStream,
  pipeTo,
  reduce,
  type Sender,
  type Subscription,
  toReadableStream,
  toWritableStream,
} from "../../mod.ts";
import { assertType, type Equals } from "./equals.ts";

export async function ends(channel: Channel<number>): Promise<void> {
  const values = await collect(channel);
  assertType<Equals<typeof values, number[]>>();
  const text = await reduce(channel, (text: string, n) => text + n.toFixed(), "");
  assertType<Equals<typeof text, string>>();
  const size = await reduce([1], (sum, n) => Promise.resolve(sum + n), 0);
  assertType<Equals<typeof size, number>>();
  await pipeTo([1, 2], channel, { close: false });
  // @ts-expect-error: the channel takes no text
  await pipeTo(["a"], channel);
}

interface Animal {
  readonly name: string;
}
interface Dog extends Animal {
  readonly bark: () => void;
}

export function broadcasts(animals: Broadcast<Animal>, dogs: Sender<Dog>): void {
  dogs = animals;
  // @ts-expect-error: not every animal that it would be sent is a dog
  animals = new Broadcast<Dog>();
  const flow = animals.subscribe({ capacity: 2, overflow: "drop-oldest" });
  assertType<Equals<typeof flow, Subscription<Animal>>>();
  assertType<Equals<typeof flow.missed, number>>();
  const plain: Flow<Animal> = flow;
  // @ts-expect-error: no such policy
  animals.subscribe({ overflow: "drop" });
  void [dogs, plain];
}

interface Tick extends Event {
  readonly n: number;
}

export function events(signal: AbortSignal, socket: WebSocket, target: EventTarget): void {
  const aborts = fromEvent(signal, "abort");
  assertType<Equals<typeof aborts, Subscription<Event>>>();
  const messages = fromEvent(socket, "message");
  assertType<Equals<typeof messages, Subscription<MessageEvent>>>();
  const others = fromEvent(target, "other");
  assertType<Equals<typeof others, Subscription<Event>>>();
  const ticks = fromEvent<Tick>(target, "tick");
  assertType<Equals<typeof ticks, Subscription<Tick>>>();
  const plain = fromEvent(new EventEmitter(), "data");
  assertType<Equals<typeof plain, Subscription<unknown[]>>>();
  const lines = fromEvent<[line: string]>(new EventEmitter(), "line");
  assertType<Equals<typeof lines, Subscription<[line: string]>>>();
  // @ts-expect-error: nothing holds a target back
  fromEvent(target, "other", { overflow: "wait" });
}

export function streams(bytes: ReadableStream<Uint8Array>, channel: Channel<string>): void {
  const flow = fromReadableStream(bytes);
  assertType<Equals<typeof flow, Flow<Uint8Array>>>();
  const readable = toReadableStream(channel);
  assertType<Equals<typeof readable, ReadableStream<string>>>();
  const writable = toWritableStream(channel);
  assertType<Equals<typeof writable, WritableStream<string>>>();
}
