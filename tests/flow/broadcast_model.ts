/**
 * What a broadcast does, in arrays and ifs.
 *
 * @module
 */

/** What became of an operation; "waiting" until it is decided. */
export interface Outcome {
  text: string;
}

export type Overflow = "wait" | "drop-oldest" | "drop-newest";

export interface ModelSubscriber {
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly buffer: number[];
  readonly receivers: Outcome[];
  missed: number;
  /** How it ended: what every receive says after the values. */
  end: string | undefined;
}

export class BroadcastModel {
  readonly members: ModelSubscriber[] = [];
  senders: { readonly outcome: Outcome; readonly value: number }[] = [];
  /** How it will end. */
  end: string | undefined;
  over = false;

  subscribe(capacity: number, overflow: Overflow): ModelSubscriber {
    const subscriber: ModelSubscriber = {
      capacity,
      overflow,
      buffer: [],
      receivers: [],
      missed: 0,
      end: this.over ? this.end : undefined,
    };
    if (!this.over) this.members.push(subscriber);
    return subscriber;
  }

  send(value: number): Outcome {
    const outcome: Outcome = { text: "waiting" };
    if (this.end !== undefined) outcome.text = `refused ${value}`;
    else {
      this.senders.push({ outcome, value });
      this.#advance();
    }
    return outcome;
  }

  trySend(value: number): string {
    const outcome = this.send(value);
    if (outcome.text !== "waiting") return outcome.text;
    this.withdrawSend(outcome, "");
    return "would wait";
  }

  withdrawSend(outcome: Outcome, reason: string): void {
    if (!this.senders.some((sender) => sender.outcome === outcome)) return;
    this.senders = this.senders.filter((sender) => sender.outcome !== outcome);
    outcome.text = `rejected ${reason}`;
    this.#advance();
  }

  recv(subscriber: ModelSubscriber): Outcome {
    const outcome: Outcome = { text: "waiting" };
    const value = subscriber.buffer.shift();
    if (value !== undefined) outcome.text = `value ${value}`;
    else if (subscriber.end !== undefined) outcome.text = subscriber.end;
    else subscriber.receivers.push(outcome);
    this.#advance();
    return outcome;
  }

  tryRecv(subscriber: ModelSubscriber): string {
    const outcome = this.recv(subscriber);
    if (outcome.text !== "waiting") return outcome.text;
    this.withdrawReceive(subscriber, outcome, "");
    return "would wait";
  }

  withdrawReceive(subscriber: ModelSubscriber, outcome: Outcome, reason: string): void {
    const place = subscriber.receivers.indexOf(outcome);
    if (place < 0) return;
    subscriber.receivers.splice(place, 1);
    outcome.text = `rejected ${reason}`;
  }

  cancel(subscriber: ModelSubscriber): void {
    subscriber.buffer.length = 0;
    this.#leave(subscriber, "done");
    subscriber.end = "done";
  }

  abort(subscriber: ModelSubscriber, reason: string): void {
    if (subscriber.end === undefined) this.#leave(subscriber, `rejected ${reason}`);
  }

  close(end: string): void {
    this.end ??= end;
    this.#advance();
  }

  #leave(subscriber: ModelSubscriber, end: string): void {
    if (subscriber.end !== undefined) return;
    this.members.splice(this.members.indexOf(subscriber), 1);
    this.#finish(subscriber, end);
    this.#advance();
  }

  #finish(subscriber: ModelSubscriber, end: string): void {
    subscriber.end = end;
    for (const receiver of subscriber.receivers.splice(0)) receiver.text = end;
  }

  #advance(): void {
    while (this.senders.length > 0 && this.members.every(hasRoom)) {
      const { outcome, value } = this.senders.shift()!;
      outcome.text = "sent";
      for (const subscriber of this.members) push(subscriber, value);
    }
    if (this.end === undefined || this.senders.length > 0) return;
    this.over = true;
    for (const subscriber of this.members.splice(0)) this.#finish(subscriber, this.end);
  }
}

function hasRoom({ overflow, buffer, capacity, receivers }: ModelSubscriber): boolean {
  return overflow !== "wait" || buffer.length < capacity || receivers.length > 0;
}

function push(subscriber: ModelSubscriber, value: number): void {
  const { buffer, capacity, receivers, overflow } = subscriber;
  const receiver = receivers.shift();
  if (receiver !== undefined) receiver.text = `value ${value}`;
  else if (buffer.length < capacity) buffer.push(value);
  else {
    subscriber.missed++;
    if (overflow === "drop-newest") return;
    buffer.shift();
    buffer.push(value);
  }
}
