/**
 * Programs whose end tells whether waiting in shared memory holds the process: run by
 * channel_process_end.test.ts.
 *
 * @module
 */
import { argv } from "node:process";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import { spawn } from "../../workers/mod.ts";
import type * as players from "./modules/players.ts";

const url = new URL("./modules/players.ts", import.meta.url);

/** Nothing waits any more, or nothing that holds. */
async function lost(): Promise<void> {
  const channel = new SharedChannel<number>(1);
  await channel.recv({ timeout: 1 }).catch(() => {});
  const abort = new AbortController();
  const receiving = channel.recv({ signal: abort.signal }).catch(() => {});
  abort.abort();
  await receiving;
  const daemon = new SharedChannel<number>(1);
  void daemon.recv();
  daemon.unref();
  daemon.ref();
  daemon.unref();
  void daemon.recv();
  console.log("end of the program");
}

/** Only a receive of a shared channel waits, in the main thread and in the other one. */
async function awaited(): Promise<void> {
  const [there, back] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
  spawn<typeof players.echo>(url, {
    export: "echo",
    args: [there, back, "async"],
    daemon: true,
  });
  await there.send(1);
  console.log((await back.recv()).value);
  there.close();
  console.log((await back.recv()).done);
}

if (argv[2] === "lost") await lost();
if (argv[2] === "awaited") await awaited();
