/**
 * After Go's test/chan/select.go: a loop that switches a case off when it has happened. The values of
 * all send cases are evaluated at each entry, whichever is chosen.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Off, type Sender, trySelect } from "../../mod.ts";
import { run, take } from "./program.ts";

let evaluated = 0;
let shift = 0;

function nextValue(): number {
  evaluated++;
  return 1 << shift;
}

/** Sends a bit to each of the two, in any order; tells to how many it could. */
function sendBits(a: Sender<number> | Off, b: Sender<number> | Off): number {
  for (let sent = 0;; sent++) {
    const [bitA, bitB] = [nextValue(), nextValue()];
    const selected = trySelect({ a: a && a.sendCase(bitA), b: b && b.sendCase(bitB) });
    if (selected === undefined) return sent;
    if (selected.key === "a") a = null;
    else b = null;
    shift++;
  }
}

test("trySelect() leaves out the cases that were switched off (select.go)", () =>
  run(async () => {
    const [a, b] = [new Channel<number>(1), new Channel<number>(1)];

    assertEquals(sendBits(a, b), 2);
    assertEquals(await take(a) | await take(b), 3);
    assertEquals(sendBits(a, null), 1);

    assertEquals(evaluated, 10);
  }));
