/**
 * A thread that sends to a ring or receives from it, as fast as it can, until it is killed or the ring is closed.
 *
 * A value is two numbers, who sent it and its place in his sequence; now and then it is so long that it lies in
 * a block. A table of one byte for each value says how often it has come.
 *
 * @module
 */
import { joinParent, type Port } from "../../../workers/runtime.ts";
import { type Core, OK } from "../../../workers/shared/core.ts";
import { Domain } from "../../../workers/shared/domain.ts";
import { IN_BLOCK, RECEIVERS, SENDERS } from "../../../workers/shared/layout.ts";
import { MOST, type RingWork } from "../ring_work.ts";

const PAYLOAD = 16;
const LONG = 1_000;
const TRIES = 200;

const parent: Port = joinParent(
  (work) => {
    const { role } = work as RingWork;
    try {
      parent.post(role === "send" ? send(work as RingWork) : receive(work as RingWork));
    } catch (error) {
      parent.post(String(error));
    }
  },
  (error) => parent.post(String(error)),
);

function send({ memory, seat, core, channel, id, count }: RingWork): string {
  const domain = new Domain(memory, { seat, core });
  const { words, floats, scratch, self } = domain;
  for (let i = 0; i < count; i++) {
    floats[scratch >> 3] = id;
    floats[(scratch >> 3) + 1] = i;
    let header = PAYLOAD;
    if (i % 50 === 0) {
      const block = domain.allocate(LONG);
      domain.hold(block);
      domain.copy(block, scratch, PAYLOAD);
      words[scratch >> 2] = block;
      header = IN_BLOCK | LONG;
    }
    const push = (each: Core) => each.push(channel, scratch, header, self, true);
    if (wait(domain, (channel >> 2) + SENDERS, push) !== OK) return "closed";
  }
  return "sent";
}

function receive({ memory, seat, core, channel, table, progress }: RingWork): string {
  const domain = new Domain(memory, { seat, core });
  const { words, floats, scratch, self } = domain;
  const last = new Map<number, number>();
  const pop = (each: Core) => each.pop(channel, scratch, self, true);
  for (;;) {
    const header = wait(domain, (channel >> 2) + RECEIVERS, pop);
    if (header < 0) return "drained";
    const at = (header & IN_BLOCK) === 0 ? scratch : words[scratch >> 2]!;
    const [id, i] = [floats[at >> 3]!, floats[(at >> 3) + 1]!];
    if (at !== scratch) domain.free(at);
    if (i <= (last.get(id) ?? -1)) return `order: ${i} of ${id} after ${last.get(id)}`;
    last.set(id, i);
    if (Atomics.add(table, id * MOST + i, 1) !== 0) return `twice: ${i} of ${id}`;
    Atomics.add(progress, id, 1);
    Atomics.add(progress, progress.length - 1, 1);
  }
}

/** Waits until `attempt` is done: the bare protocol, without a queue. */
function wait(domain: Domain, mask: number, attempt: (core: Core) => number): number {
  for (let i = 0; i < TRIES; i++) {
    const result = attempt(domain.core);
    if (result !== -1) return result;
  }
  for (;;) {
    const heard = domain.bellValue();
    domain.enlist(mask);
    const result = attempt(domain.core);
    if (result !== -1) {
      // Woken for something that may still be there.
      if (!domain.delist(mask)) domain.core.wakeOne(mask, domain.self);
      return result;
    }
    domain.doze(heard);
    Atomics.wait(domain.words, domain.bell, heard);
  }
}
