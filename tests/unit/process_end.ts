/**
 * Programs whose end tells whether timers hold the process: run by select_timers.test.ts.
 *
 * @module
 */
import { argv } from "node:process";
import { after, Channel, every, select } from "../../mod.ts";

const HOUR = 3_600_000;

/** Leaves behind every kind of timer and listener that nobody needs any more. */
async function lost(): Promise<void> {
  const { signal } = new AbortController();
  const channel = new Channel<number>(1);
  after(HOUR);
  every(HOUR).tryRecv();
  const ticks = every(HOUR, { signal });
  for (let i = 0; i < 1_000; i++) {
    const selected = select({ channel, ticks, late: after(HOUR), stop: signal }, {
      timeout: HOUR,
      signal,
    });
    channel.trySend(i);
    await selected;
    const receive = channel.recv({ timeout: HOUR, signal });
    channel.trySend(i);
    await receive;
  }
  console.log("end of the program");
}

/** Waits for nothing but timers: the process must not end before them. */
async function awaited(): Promise<void> {
  await select({ late: after(30) });
  console.log("late");
  await every(30).recv();
  console.log("tick");
  await new Channel<number>().recv({ timeout: 30 }).catch((error) => console.log(error.name));
}

if (argv[2] === "lost") await lost();
if (argv[2] === "awaited") await awaited();
