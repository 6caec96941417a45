/**
 * A program on a runtime without `Atomics.waitAsync`: run by channel_process_end.test.ts.
 *
 * @module
 */
import type * as players from "./modules/players.ts";

Reflect.deleteProperty(Atomics, "waitAsync");
const { SharedChannel } = await import("../../workers/shared/shared_channel.ts");
const { spawn } = await import("../../workers/mod.ts");

const [there, back] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
spawn<typeof players.echo>(new URL("./modules/players.ts", import.meta.url), {
  export: "echo",
  args: [there, back, "sync"],
  daemon: true,
});
let ball = 0;
for (let round = 0; round < 20; round++) {
  await there.send(ball);
  ball = (await back.recv()).value!;
}
there.close();
console.log(ball, (await back.recv()).done);
