// Two players, one table, one ball, and a referee with a watch.
//
// Watch for: `select` with a receive, a send and a signal. The ball is never lost, wherever it is when the
// whistle blows: a send that was not chosen has not happened, so the player still has it.
import { after, Channel, select } from "../../mod.ts";

interface Ball {
  hits: number;
  faults: number;
  last: string;
}

const table = new Channel<Ball>(); // capacity 0: the ball goes from hand to hand

/** Plays until the whistle; the ball, if this player ends up with it. */
async function play(name: string, whistle: AbortSignal): Promise<Ball | undefined> {
  for (;;) {
    const got = await select({ ball: table, whistle });
    if (got.key === "whistle" || got.done) return undefined;
    const ball = got.value;
    if (ball.last === name) ball.faults++;
    ball.last = name;
    ball.hits++;
    const gave = await select({ ball: table.sendCase(ball), whistle });
    if (gave.key === "whistle") return ball;
  }
}

const referee = new AbortController();
const players = ["ping", "pong"].map((name) => play(name, referee.signal));
await table.send({ hits: 0, faults: 0, last: "referee" });
await select({ over: after(20) });
referee.abort("time");

const balls = (await Promise.all(players)).filter((ball) => ball !== undefined);
console.log("players who hold a ball:", balls.length);
console.log("they hit it:", balls.every(({ hits }) => hits > 0));
console.log("twice in a row:", balls.map(({ faults }) => faults).join());

// Output:
// players who hold a ball: 1
// they hit it: true
// twice in a row: 0
