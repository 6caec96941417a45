/**
 * After Go's test/chan/perm.go: what the two directions of a channel let pass. Compiled, never run: each
 * line that must not compile says so.
 */
import { type Channel, type Receiver, select, type Sender } from "../../mod.ts";

export function directionsAreAssigned(
  both: Channel<number>,
  sending: Sender<number>,
  receiving: Receiver<number>,
): void {
  receiving = both;
  sending = both;
  // @ts-expect-error a receiver cannot send
  both = receiving;
  // @ts-expect-error a sender cannot receive
  both = sending;
  // @ts-expect-error the other direction
  receiving = sending;
  // @ts-expect-error the other direction
  sending = receiving;
}

export async function onlyChannelsSendAndReceive(n: number): Promise<void> {
  // @ts-expect-error a number is no receiver
  await n.recv();
  // @ts-expect-error a number is no sender
  await n.send(2);
  // @ts-expect-error a number is no sender
  n.close();
  // @ts-expect-error a number is no case of a select
  await select({ n });
}

export async function bothDirectionsOfAChannel(both: Channel<number>): Promise<void> {
  await both.send(0);
  await both.recv();
  const { done, value } = await both.recv();
  if (!done) value satisfies number;
  await select({ out: both.sendCase(0), in: both });
  for await (const n of both) n satisfies number;
  both.close();
}

export async function theReceivingDirection(receiving: Receiver<number>): Promise<void> {
  await receiving.recv();
  const { done, value } = await receiving.recv();
  if (!done) value satisfies number;
  await select({ in: receiving });
  for await (const n of receiving) n satisfies number;
  // @ts-expect-error a receiver cannot send
  await receiving.send(0);
  // @ts-expect-error a receiver cannot send in a select either
  await select({ out: receiving.sendCase(0) });
  // @ts-expect-error closing is the sender's; a receiver cancels
  receiving.close();
  receiving.cancel();
}

export async function theSendingDirection(sending: Sender<number>): Promise<void> {
  await sending.send(0);
  await select({ out: sending.sendCase(0) });
  sending.close();
  // @ts-expect-error a sender cannot receive
  await sending.recv();
  // @ts-expect-error a sender cannot receive without waiting either
  sending.tryRecv();
  // @ts-expect-error a sender is no case that receives
  await select({ in: sending });
  // @ts-expect-error a sender cannot be iterated
  for await (const _ of sending);
}

export async function onlyTheRightValuesAreSent(both: Channel<number>): Promise<void> {
  // @ts-expect-error a text is no number
  await both.send("0");
  // @ts-expect-error a text is no number
  both.trySend("0");
  // @ts-expect-error a text is no number
  await select({ out: both.sendCase("0") });
  // @ts-expect-error numbers are received, not texts
  const text: string | undefined = (await both.recv()).value;
  return void text;
}
