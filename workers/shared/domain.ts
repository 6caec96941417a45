/**
 * The memory that the threads of a process share, as one of them sees it.
 *
 * There is one in a process as a rule: it is made when the first shared object is, and a thread that the library
 * starts gets that of its parent. A handle from elsewhere may bring another one. A thread has one slot in each.
 *
 * @module
 */
import { inherited } from "../runtime.ts";
import { delist, doze, enlist, hear, recordOf } from "./bells.ts";
import type { Core, CoreKind } from "./core.ts";
import { allocate, enroll, free, roomOf } from "./heap.ts";
import {
  BELL,
  FIRST_BLOCK,
  HAND,
  IDENTITY,
  LINE,
  LINES,
  MAGIC,
  MAGIC_VALUE,
  RESERVED,
  SCRATCH,
  SCRATCH_BYTES,
  THREADS,
  TOP,
  VERSION,
  VERSION_VALUE,
} from "./layout.ts";
import type { SharedMemory } from "./handle.ts";
import { AtomicsCore } from "./ring.ts";
import { isLive, type Seat, takeSlot } from "./slots.ts";
import { WasmCore } from "./wasm_core.ts";
import { adopt, bury, join } from "./threads.ts";
import type { Atoms, Words } from "./words.ts";

/** What a thread is given by its parent: plain data. */
export interface Inheritance {
  readonly memory: SharedMemory;
  /** undefined if none was left. */
  readonly seat: Seat | undefined;
}

/** Bytes of a memory: the first that the system grants. Address space only: what nobody touches is not there. */
const DOMAIN_BYTES = [2 ** 30, 2 ** 28, 2 ** 26];
/** Bytes in which WebAssembly counts. */
const PAGE = 2 ** 16;
/** Bytes in which a thread puts a value together. */
const SCRATCH_ROOM = 2 ** 15;

/** One memory, and this thread's place in it. */
export class Domain implements Words {
  readonly memory: SharedMemory;
  readonly atoms: Atoms = Atomics;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
  readonly view: DataView;
  /** This thread's slot. */
  readonly self: number;
  /** Index of the word that this thread waits on. */
  readonly bell: number;
  /** Offset in bytes of memory for this thread's use alone; see `setAside`. */
  scratch: number;
  /** How many bytes it has. */
  readonly scratchBytes: number;
  readonly core: Core;
  readonly seat: Seat;

  /** One after the other, for operations within operations. */
  readonly #scratches: number[];
  #depth = 0;

  static #own: Domain | undefined;
  static readonly #all: Domain[] = [];

  /**
   * Joins a memory, with a slot of its own even if this thread has one already: `of` is for all but tests.
   *
   * @param seat What the parent has reserved.
   */
  constructor(
    memory: SharedMemory,
    options: {
      readonly seat?: Seat | undefined;
      readonly core?: CoreKind | undefined;
    } = {},
  ) {
    const buffer = bufferOf(memory);
    this.memory = memory;
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float64Array(buffer);
    this.view = new DataView(buffer);
    if (
      this.words[MAGIC] !== MAGIC_VALUE || this.words[VERSION] !== VERSION_VALUE
    ) {
      throw new TypeError(
        "Cannot open the handle: its memory is not one of this version of millrace",
      );
    }
    if (options.seat !== undefined) adopt(this, options.seat);
    this.seat = options.seat ?? join(this);
    this.self = this.seat.slot;
    this.bell = recordOf(this.self) + BELL;
    this.#provideScratch();
    this.scratch = this.words[recordOf(this.self) + SCRATCH]!;
    this.scratchBytes = this.words[recordOf(this.self) + SCRATCH_BYTES]!;
    this.#scratches = [this.scratch, this.scratch + this.scratchBytes];
    this.core = this.#coreOf(options.core);
  }

  /**
   * Leaves what is in the scratch alone until `takeBack`, and gives other operations another one: code of the user's is
   * about to run, to read what is sent, and may send and receive itself.
   */
  setAside(): void {
    const next = this.#depth + 1;
    this.scratch = this.#scratches[next] ??= this.allocate(this.scratchBytes);
    this.#depth = next;
  }

  /** Ends what `setAside` began. */
  takeBack(): void {
    this.scratch = this.#scratches[--this.#depth]!;
  }

  #coreOf(wish: CoreKind | undefined): Core {
    const { memory } = this;
    if (wish === "fallback" || !("buffer" in memory)) return new AtomicsCore(this);
    try {
      return new WasmCore(memory);
    } catch (error) {
      // A host may have WebAssembly and forbid it, or be too old for the instructions.
      if (wish === "wasm") throw error;
      return new AtomicsCore(this);
    }
  }

  /** Unless the thread that had the slot before has left its own. */
  #provideScratch(): void {
    const { words, self } = this;
    const record = recordOf(self);
    if (words[record + SCRATCH] !== 0) return;
    try {
      words[record + SCRATCH] = allocate(this, self, 2 * SCRATCH_ROOM);
      words[record + SCRATCH_BYTES] = SCRATCH_ROOM;
    } catch (error) {
      bury(this, this.seat);
      throw error;
    }
  }

  /** This thread's domain: its parent's, if the library has started it. Made on first use. */
  static get own(): Domain {
    if (this.#own !== undefined) return this.#own;
    const { memory, seat } = (inherited() ?? {}) as Partial<Inheritance>;
    const opened = memory && this.#find(memory);
    this.#own = opened ?? new Domain(memory ?? createMemory(), { seat });
    if (opened === undefined) this.#all.push(this.#own);
    return this.#own;
  }

  /** The domain of a memory, which has come with a handle. */
  static of(memory: SharedMemory): Domain {
    const known = this.#find(memory);
    if (known !== undefined) return known;
    const parents = (inherited() as Inheritance | undefined)?.memory;
    if (parents !== undefined && isSame(parents, memory)) return this.own;
    const domain = new Domain(memory);
    this.#all.push(domain);
    return domain;
  }

  /** All that this thread has joined: it leaves them when it exits. */
  static leaveAll(): void {
    for (const domain of this.#all.splice(0)) bury(domain, domain.seat);
    this.#own = undefined;
  }

  static #find(memory: SharedMemory): Domain | undefined {
    return this.#all.find((domain) => domain.memory === memory || isSame(domain.memory, memory));
  }

  /** A place for a thread that is about to start; whoever starts it has to `bury` it when it has ended. */
  reserve(): Inheritance {
    return { memory: this.memory, seat: takeSlot(this, RESERVED) };
  }

  /** Clears away what a thread has left, see `bury` in threads.ts. */
  bury(seat: Seat, reusable?: boolean): void {
    bury(this, seat, reusable);
  }

  /** Whether nobody has taken this thread for dead. Otherwise it must not touch the memory any more. */
  get alive(): boolean {
    return isLive(this, this.seat);
  }

  /**
   * Answers the offset in bytes of a block of at least `bytes` bytes, a multiple of 64. It is not zeroed.
   *
   * @throws {RangeError} If the memory is used up.
   */
  allocate(bytes: number): number {
    return allocate(this, this.self, bytes);
  }

  /** Gives back a block, whoever has allocated it. */
  free(block: number): void {
    const hand = recordOf(this.self) + HAND;
    if (this.words[hand] === block) this.words[hand] = 0;
    free(this, this.self, block);
  }

  /** How many bytes a block has room for. */
  roomOf(block: number): number {
    return roomOf(this, block);
  }

  /** Says that only this thread knows the block: if it dies, the block is freed. A push takes it out of the hand. */
  hold(block: number): void {
    this.words[recordOf(this.self) + HAND] = block;
  }

  /** Says that an object lies in the block, see `OBJECT_WORDS`: it is complete, and threads may wait for it. */
  enroll(object: number): void {
    enroll(this, object);
  }

  /** What the bell of this thread says. To be read before all that is done in order to wait. */
  bellValue(): number {
    return hear(this, this.self);
  }

  /**
   * Says that this thread sleeps on its bell from now on, until it is unlike `heard`. That need not be taken back.
   *
   * @param heard What `bellValue` said before anything was tried.
   */
  doze(heard: number): void {
    doze(this, this.self, heard);
  }

  /** Sets this thread's bit in a mask. */
  enlist(mask: number): void {
    enlist(this, mask, this.self);
  }

  /** Clears this thread's bit in a mask; answers whether it was still there, see bells.ts. */
  delist(mask: number): boolean {
    return delist(this, mask, this.self);
  }

  /** Whether this thread's bit is set in a mask: nobody has claimed it. */
  isEnlisted(mask: number): boolean {
    const half = this.atoms.load(this.words, mask + (this.self >>> 5));
    return (half & 1 << (this.self & 31)) !== 0;
  }

  copy(to: number, from: number, bytes: number): void {
    if (bytes > 64) {
      this.bytes.copyWithin(to, from, from + bytes);
      return;
    }
    const { words } = this;
    const end = (from + bytes + 7) >> 3 << 1;
    for (
      let source = from >> 2, target = to >> 2;
      source < end;
      source += 2, target += 2
    ) {
      words[target] = words[source]!;
      words[target + 1] = words[source + 1]!;
    }
  }
}

/** Makes a memory, with nobody in it. */
export function createMemory(...sizes: number[]): SharedMemory {
  const memory = grant(sizes.length > 0 ? sizes : DOMAIN_BYTES);
  const buffer = bufferOf(memory);
  const words = new Int32Array(buffer, 0, FIRST_BLOCK);
  for (let i = IDENTITY; i < IDENTITY + 2; i++) {
    words[i] = Math.floor(Math.random() * 2 ** 32);
  }
  words[VERSION] = VERSION_VALUE;
  words[TOP] = FIRST_BLOCK * 4 / LINE;
  words[LINES] = buffer.byteLength / LINE;
  for (let slot = 0; slot < THREADS; slot++) words[recordOf(slot) + BELL] = 1;
  words[MAGIC] = MAGIC_VALUE;
  return memory;
}

/** Memory of the first of the sizes that can be had; without WebAssembly, if that is what cannot be had. */
function grant([bytes, ...smaller]: readonly number[]): SharedMemory {
  const pages = Math.ceil(bytes! / PAGE);
  try {
    return new WebAssembly.Memory({
      initial: pages,
      maximum: pages,
      shared: true,
    });
  } catch {
    return smaller.length > 0 ? grant(smaller) : new SharedArrayBuffer(pages * PAGE);
  }
}

function bufferOf(memory: SharedMemory): SharedArrayBuffer {
  return ("buffer" in memory ? memory.buffer : memory) as SharedArrayBuffer;
}

/** Whether two objects are the same memory: each message with a handle brings a new one. */
function isSame(one: SharedMemory, other: SharedMemory): boolean {
  const [a, b] = [one, other].map((memory) => new Int32Array(bufferOf(memory), IDENTITY * 4, 2));
  return a![0] === b![0] && a![1] === b![1];
}
