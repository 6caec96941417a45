/** Compiled, never run: what the types of a channel let pass and what they do not. */
import {
  Channel,
  ChannelClosedError,
  type ChannelIterator,
  type ChannelOptions,
  type Received,
  type Receiver,
  type Sender,
  type WaitOptions,
} from "../../mod.ts";
import { assertType, type Equals } from "./equals.ts";

interface Animal {
  readonly name: string;
}
interface Dog extends Animal {
  readonly bark: () => void;
}

export async function receivesNarrow(channel: Channel<number>): Promise<number> {
  const received = await channel.recv();
  assertType<Equals<typeof received, Received<number>>>();
  assertType<Equals<typeof received.value, number | undefined>>();
  if (received.done) {
    assertType<Equals<typeof received.value, undefined>>();
    return 0;
  }
  assertType<Equals<typeof received.value, number>>();
  return received.value;
}

export async function receivesNarrowWhenDestructured(channel: Channel<number>): Promise<number> {
  const { done, value } = await channel.recv();
  if (done) return 0;
  assertType<Equals<typeof value, number>>();
  return value;
}

export async function receivesNarrowInSwitch(channel: Channel<string>): Promise<string> {
  const received = await channel.recv();
  switch (received.done) {
    case true:
      return "";
    case false:
      return received.value;
  }
}

export function tryReceivesNarrow(channel: Channel<number>): number {
  const received = channel.tryRecv();
  assertType<Equals<typeof received, Received<number> | undefined>>();
  if (received === undefined || received.done) return 0;
  return received.value;
}

export async function iterates(channel: Channel<number>): Promise<void> {
  for await (const value of channel) assertType<Equals<typeof value, number>>();
  for await (const batch of channel.batches(8)) assertType<Equals<typeof batch, number[]>>();
  const many = await channel.recvMany(8);
  assertType<Equals<typeof many, number[]>>();
  const iterator = channel[Symbol.asyncIterator]();
  assertType<Equals<typeof iterator, ChannelIterator<number>>>();
  const step = await iterator.next();
  assertType<Equals<typeof step, IteratorResult<number, undefined>>>();
}

export async function sends(channel: Channel<number>): Promise<void> {
  const nothing = await channel.send(1, { timeout: 5, signal: undefined });
  assertType<Equals<typeof nothing, void>>();
  const taken = channel.trySend(1);
  assertType<Equals<typeof taken, boolean>>();
  const accepted = await channel.sendMany([1, 2]);
  assertType<Equals<typeof accepted, number>>();
  await channel.sendMany(new Set([1, 2]), {});
  await channel.sendMany(channel);

  // @ts-expect-error: a text is no number
  channel.send("1");
  // @ts-expect-error: a text is no number
  channel.trySend("1");
  // @ts-expect-error: texts are no numbers
  channel.sendMany(["1"]);
  // @ts-expect-error: a text is no number
  channel.sendCase("1");
  // @ts-expect-error: a value is missing
  channel.send();
}

export function options(signal: AbortSignal | undefined): void {
  const wait: WaitOptions = { signal, timeout: undefined };
  const made: ChannelOptions<Dog> = { overflow: "drop-oldest", name: undefined };
  new Channel<Dog>(1, { ...made, onDrop: (dog) => dog.bark() });
  new Channel<Dog>(1, { onDrop: (animal: Animal) => animal.name });
  const untyped = new Channel();
  assertType<Equals<typeof untyped, Channel<unknown>>>();
  new Channel<Dog>().recv(wait);

  // @ts-expect-error: an unknown policy
  new Channel(1, { overflow: "drop" });
  // @ts-expect-error: the capacity comes first
  new Channel({ overflow: "wait" });
  // @ts-expect-error: a capacity is a number
  new Channel("1");
  // @ts-expect-error: the hook takes dogs, and a number is none
  new Channel<Dog>(1, { onDrop: (value: number) => value });
  // @ts-expect-error: a controller is no signal
  new Channel<Dog>().recv({ signal: new AbortController() });
  // @ts-expect-error: a timeout is a number
  new Channel<Dog>().recv({ timeout: "5" });
  // @ts-expect-error: options come as an object
  new Channel<Dog>().recv(5);
  // @ts-expect-error: recvMany asks for a maximum
  new Channel<Dog>().recvMany();
}

export function variance(dogs: Channel<Dog>, animals: Channel<Animal>): void {
  const readsDogsAsAnimals: Receiver<Animal> = dogs;
  const writesDogsAmongAnimals: Sender<Dog> = animals;

  // @ts-expect-error: a cat sent to it would be received as a dog
  const writesAnimalsAmongDogs: Sender<Animal> = dogs;
  // @ts-expect-error: not every animal is a dog
  const readsAnimalsAsDogs: Receiver<Dog> = animals;
  // @ts-expect-error: a channel of dogs is no place for a cat
  const animalsFromDogs: Channel<Animal> = dogs;
  // @ts-expect-error: an animal that comes out may be a cat
  const dogsFromAnimals: Channel<Dog> = animals;
  void [readsDogsAsAnimals, writesDogsAmongAnimals, writesAnimalsAmongDogs, readsAnimalsAsDogs];
  void [animalsFromDogs, dogsFromAnimals];
}

export function varianceOfInterfaces(sender: Sender<Dog>, receiver: Receiver<Animal>): void {
  // @ts-expect-error: what takes dogs does not take every animal
  const wider: Sender<Animal> = sender;
  // @ts-expect-error: what gives animals does not give dogs only
  const narrower: Receiver<Dog> = receiver;
  void [wider, narrower];
}

export function directions(sender: Sender<number>, receiver: Receiver<number>): void {
  sender.send(1);
  sender.close();
  sender.fail(new Error("broken"));
  receiver.cancel("enough");
  const counts: number[] = [sender.size, sender.capacity, receiver.size, receiver.capacity];
  const flags: boolean[] = [sender.closed, receiver.closed];
  void [counts, flags];

  // @ts-expect-error: a sender does not receive
  sender.recv();
  // @ts-expect-error: a receiver does not send
  receiver.send(1);
  // @ts-expect-error: closing is the sender's word
  receiver.close();
  // @ts-expect-error: cancelling is the receiver's word
  sender.cancel();
  // @ts-expect-error: a channel is no promise
  receiver.then();
}

export function readonlyResults(received: Received<number>, channel: Channel<number>): void {
  // @ts-expect-error: a result is not for writing
  received.done = true;
  // @ts-expect-error: the size is not for writing
  channel.size = 1;
}

export async function move<T>(from: Receiver<T>, to: Sender<T>): Promise<number> {
  let moved = 0;
  for (let r = await from.recv(); !r.done; r = await from.recv(), moved++) await to.send(r.value);
  return moved;
}

export async function infersAcrossFunctions(dogs: Channel<Dog>): Promise<void> {
  await move(dogs, dogs);
  await move(dogs, new Channel<Animal>());
  // @ts-expect-error: animals are not sent to a channel of dogs
  await move(new Channel<Animal>(), dogs);
}

export function errors(error: unknown): unknown {
  if (!(error instanceof ChannelClosedError)) return undefined;
  assertType<Equals<typeof error.value, unknown>>();
  // @ts-expect-error: the value is not for writing
  error.value = 1;
  return error.value;
}

export function disposes(): void {
  using channel = new Channel<number>(1);
  channel.trySend(1);
  const disposable: Disposable = channel;
  void disposable;
}
