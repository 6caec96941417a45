/**
 * Locks in every order of their accesses to shared memory: the shipped code, or a copy with one mistake in it, run
 * by the explorer.
 *
 * @module
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Waiter } from "../../internal/waiter.ts";
import type { Domain } from "../../workers/shared/domain.ts";
import {
  ASLEEP,
  BELL,
  FIRST_THREAD,
  LIVE,
  STATE,
  THREAD_WORDS,
} from "../../workers/shared/layout.ts";
import type { Lock } from "../../workers/shared/lock.ts";
import { CELLS, HUNGRY, PERMITS, TURN, WAITING } from "../../workers/shared/primitive_layout.ts";
import type { Program, Thread } from "./explorer/program.ts";
import { type Ground, RECORDED, type Recorder } from "./explorer/recorder.ts";
import type { Mistake } from "./explorer/shipped.ts";

const MOST_THREADS = 4;
const OBJECT = FIRST_THREAD + MOST_THREADS * THREAD_WORDS;
/** What the lock protects: a count. */
const PROTECTED = OBJECT + CELLS + 8;

/** What the programs run. Its `Atomics` are the explorer's. */
export interface ShippedLocks {
  readonly lock: typeof import("../../workers/shared/lock.ts");
  readonly pump: typeof import("../../workers/shared/pump.ts");
  readonly blocking: typeof import("../../workers/shared/blocking.ts");
  readonly domain: typeof import("../../workers/shared/domain.ts");
  readonly waiter: typeof import("../../internal/waiter.ts");
}

/** What one thread does: acquires so often, and may give up while it waits. */
export interface Acquiring {
  readonly way: "async" | "sync";
  readonly times: number;
  readonly abort?: boolean;
}

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["workers", "internal", "channel", "select", "flow", "scope", "sync"];
const PRELUDE = "const Atomics = globalThis.explored; const performance = { now: () => 0 };\n";

/** The code as it is, or with a mistake in it. */
export async function loadLocks(mistake?: Mistake): Promise<ShippedLocks> {
  (globalThis as { explored?: unknown }).explored = RECORDED;
  const folder = mkdtempSync(join(tmpdir(), "millrace-locks-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const name of FOLDERS) {
      cpSync(fileURLToPath(new URL(name, ROOT)), join(folder, name), { recursive: true });
    }
    if (mistake !== undefined) makeMistake(folder, mistake);
    const shared = join(folder, "workers/shared");
    for (const name of readdirSync(shared).filter((name) => name.endsWith(".ts"))) {
      writeFileSync(join(shared, name), PRELUDE + readFileSync(join(shared, name), "utf8"));
    }
    const load = (name: string) => import(pathToFileURL(join(folder, `${name}.ts`)).href);
    const [lock, pump, blocking, domain] = await Promise.all(
      ["lock", "pump", "blocking", "domain"].map((name) => load(`workers/shared/${name}`)),
    );
    return { lock, pump, blocking, domain, waiter: await load("internal/waiter") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeMistake(folder: string, { file, find, replace, what }: Mistake): void {
  const path = join(folder, file);
  const source = readFileSync(path, "utf8");
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${what}: ${file} has the text ${times} times: ${find}`);
  writeFileSync(path, source.replace(find, () => replace));
}

/** A program in which each thread takes the one lock. */
export function lockProgram(
  shipped: ShippedLocks,
  name: string,
  cast: readonly Acquiring[],
): Program {
  const ground = new LockGround(cast.length);
  return {
    name,
    ground,
    bellOf: ground.bellOf,
    wordName: ground.wordName,
    threads: cast.map((acquiring, slot) => acquirer(shipped, ground, slot, acquiring)),
    verify(ends) {
      const seen = (ends as number[][]).flat().sort((a, b) => a - b);
      return seen.every((count, i) => count === i) ? undefined : `seen under the lock: ${seen}`;
    },
  };
}

/** The memory of a program: threads and a lock. */
class LockGround implements Ground {
  readonly words = new Int32Array(PROTECTED + 16);
  readonly #names = new Map<number, string>();

  constructor(threads: number) {
    for (let slot = 0; slot < threads; slot++) {
      const at = FIRST_THREAD + slot * THREAD_WORDS;
      this.words[at + STATE] = 1 << 2 | LIVE;
      this.words[at + BELL] = 1;
      this.#names.set(at + BELL, `bell of ${slot}`);
      this.#names.set(at + ASLEEP, `asleep of ${slot}`);
    }
    this.words[OBJECT + PERMITS] = 1;
    this.#names.set(OBJECT + WAITING, "waiting");
    this.#names.set(OBJECT + HUNGRY, "hungry");
    this.#names.set(OBJECT + TURN, "turn");
    this.#names.set(OBJECT + CELLS, "owner");
    this.#names.set(PROTECTED, "what is protected");
  }

  bellOf = (slot: number): number => FIRST_THREAD + slot * THREAD_WORDS + BELL;
  wordName = (index: number): string => this.#names.get(index) ?? `word ${index}`;

  isPrivate(): boolean {
    return false;
  }

  isFlag(): boolean {
    return false;
  }

  isConstant(index: number): boolean {
    return !this.#names.has(index);
  }
}

function acquirer(
  shipped: ShippedLocks,
  ground: LockGround,
  slot: number,
  { way, times, abort = false }: Acquiring,
): Thread<unknown> {
  const run = (recorder: Recorder): number[] => {
    const domain = domainOf(shipped, recorder, ground, slot);
    const site = { domain, at: OBJECT, name: undefined, handle: undefined as never };
    const lock = new shipped.lock.Lock(site, {});
    const seen: number[] = [];
    for (let nth = 0; nth < times; nth++) {
      let permit = lock.tryAcquire();
      if (permit === undefined) {
        const waiter = new shipped.waiter.Waiter(() => undefined);
        lock.queue.park(waiter);
        lock.queue.serve();
        if (!settle(shipped, recorder, lock, waiter, { way, abort, seen })) continue;
        permit = lock.holder!;
      }
      // Two steps, between which nobody else may come.
      const count = recorder.load(recorder.words, PROTECTED);
      recorder.store(recorder.words, PROTECTED, count + 1);
      seen.push(count);
      permit.release();
    }
    return seen;
  };
  return {
    name: `thread ${slot}`,
    slot,
    start: "runs",
    act: (state) =>
      state === "runs"
        ? { kind: "call", run, then: (outcome: unknown) => outcome }
        : { kind: "end" },
  };
}

/** Waits until `waiter` is settled. Answers false if the thread gave up. */
function settle(
  { blocking }: ShippedLocks,
  recorder: Recorder,
  { pump, queue }: Lock,
  waiter: Waiter,
  { way, abort, seen }: { way: "async" | "sync"; abort: boolean; seen: readonly number[] },
): boolean {
  const check = () => recorder.checkpoint(JSON.stringify([way, pump.armed, queue.empty, seen]));
  if (!waiter.parked) return true;
  if (way === "sync") {
    check();
    blocking.sleepWhileParked(pump, waiter, Infinity);
    return true;
  }
  while (waiter.parked) {
    check();
    if (recorder.rest(pump.domain.bell, abort ? 1 : 0) === 0) continue;
    waiter.withdraw();
    return false;
  }
  return true;
}

function domainOf(
  { domain: { Domain }, pump: { Pump } }: ShippedLocks,
  recorder: Recorder,
  ground: LockGround,
  slot: number,
): Domain {
  const values = {
    atoms: recorder,
    words: recorder.words,
    self: slot,
    bell: ground.bellOf(slot),
    seat: { slot, generation: 1 },
    core: { wakeOne() {} },
  };
  const domain = Object.create(
    Domain.prototype,
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])),
  ) as Domain;
  // Whether the process is held is none of the explorer's business.
  Pump.of(domain).hold = () => {};
  return domain;
}
