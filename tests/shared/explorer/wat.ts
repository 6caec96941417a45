/**
 * The core in WebAssembly, for the explorer: the text of ring.wat, in which every instruction that touches the
 * memory is a call of the recorder.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import wabt from "wabt";
import type { Words } from "../../../workers/shared/words.ts";
import type { Recorder } from "./recorder.ts";
import { loadShipped, type Mistake, type Shipped } from "./shipped.ts";

type Node = string | Node[];

const TEXT = new URL("../../../workers/shared/ring.wat", import.meta.url);
const FEATURES = { threads: true, bulk_memory: true, simd: true };

/** What each instruction becomes: the import, with its type behind the address. */
const CALLS: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  "i32.load": { name: "read", type: "(param i32) (result i32)" },
  "i32.peek": { name: "peek", type: "(param i32) (result i32)" },
  "i32.store": { name: "write", type: "(param i32 i32)" },
  "i64.peek": { name: "peek64", type: "(param i32) (result i64)" },
  "i64.load": { name: "read64", type: "(param i32) (result i64)" },
  "i64.store": { name: "write64", type: "(param i32 i64)" },
  "i32.atomic.load": { name: "load", type: "(param i32) (result i32)" },
  "i32.atomic.store": { name: "store", type: "(param i32 i32)" },
  "i32.atomic.rmw.add": { name: "add", type: "(param i32 i32) (result i32)" },
  "i32.atomic.rmw.and": { name: "and", type: "(param i32 i32) (result i32)" },
  "i32.atomic.rmw.or": { name: "or", type: "(param i32 i32) (result i32)" },
  "i32.atomic.rmw.cmpxchg": { name: "compareExchange", type: "(param i32 i32 i32) (result i32)" },
  "memory.atomic.notify": { name: "notify", type: "(param i32 i32) (result i32)" },
};

/** Instructions for payloads of more than 8 bytes, which the programs do not have. */
const LONG = ["v128.store", "memory.copy"];

/** The function that reads slots which another thread may be writing: before its claim. */
const PEEKS = '(export "popMany")';

interface Exports {
  push(channel: number, from: number, header: number, self: number, wake: number): number;
  pop(channel: number, to: number, self: number, wake: number): number;
  pushMany(channel: number, from: number, count: number, self: number, wake: number): number;
  popMany(channel: number, to: number, count: number, self: number, wake: number): number;
  close(channel: number): number;
  wakeOne(mask: number, self: number, turn: number): number;
  wakeAll(mask: number): void;
}

/** The shipped code with the core in WebAssembly, as it is or with a mistake in it. */
export async function loadWat(mistake?: Mistake): Promise<Shipped> {
  const core = await assemble(mistake);
  const shipped = await loadShipped();
  const WatCore = coreOf(core) as unknown as Shipped["ring"]["AtomicsCore"];
  const bells: Shipped["bells"] = {
    ...shipped.bells,
    wakeOne: (memory, mask, self, turn = self) =>
      core.by(memory).wakeOne(mask << 2, self, turn) !== 0,
    wakeAll: (memory, mask) => core.by(memory).wakeAll(mask << 2),
  };
  return { ring: { ...shipped.ring, AtomicsCore: WatCore }, bells };
}

/** The code, which works on the memory of whoever calls it. */
interface Code {
  by(memory: Words): Exports;
}

async function assemble(mistake: Mistake | undefined): Promise<Code> {
  const { parseWat } = await wabt();
  const text = print(instrument(parse(textOf(mistake))));
  const module = parseWat("ring.wat", text, FEATURES);
  module.resolveNames();
  const { buffer } = module.toBinary({});
  let current!: Words;
  const compiled = new WebAssembly.Module(new Uint8Array(buffer));
  const { exports } = new WebAssembly.Instance(compiled, { recorder: recorder(() => current) });
  return {
    by(memory) {
      current = memory;
      return exports as unknown as Exports;
    },
  };
}

function textOf(mistake: Mistake | undefined): string {
  const text = readFileSync(TEXT, "utf8");
  if (mistake === undefined) return text;
  const { find, replace, what } = mistake;
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${what}: ring.wat has the text ${times} times: ${find}`);
  return text.replace(find, () => replace);
}

/** What the instructions call. */
function recorder(by: () => Words): WebAssembly.ModuleImports {
  const read = (at: number) => by().words[at >> 2]!;
  const peek = (at: number) => (by() as Recorder).peek(at >> 2);
  const write = (at: number, value: number) => void (by().words[at >> 2] = value);
  return {
    read,
    write,
    peek,
    // Payloads of the programs are one word.
    read64: (at: number) => BigInt(read(at)),
    peek64: (at: number) => BigInt(peek(at)),
    write64: (at: number, value: bigint) => write(at, Number(value)),
    load: (at: number) => by().atoms.load(by().words, at >> 2),
    store: (at: number, value: number) => void by().atoms.store(by().words, at >> 2, value),
    add: (at: number, value: number) => by().atoms.add(by().words, at >> 2, value),
    and: (at: number, value: number) => by().atoms.and(by().words, at >> 2, value),
    or: (at: number, value: number) => by().atoms.or(by().words, at >> 2, value),
    compareExchange: (at: number, expected: number, value: number) =>
      by().atoms.compareExchange(by().words, at >> 2, expected, value),
    notify: (at: number, count: number) => by().atoms.notify(by().words, at >> 2, count >>> 1),
  };
}

/** A core, made as the programs make one. */
function coreOf(code: Code) {
  return class {
    readonly #memory: Words;

    constructor(memory: Words) {
      this.#memory = memory;
    }

    push(channel: number, from: number, header: number, self: number, wake: boolean): number {
      return code.by(this.#memory).push(channel, from, header, self, Number(wake));
    }

    pop(channel: number, to: number, self: number, wake: boolean): number {
      return code.by(this.#memory).pop(channel, to, self, Number(wake));
    }

    pushMany(channel: number, from: number, count: number, self: number, wake: boolean): number {
      return code.by(this.#memory).pushMany(channel, from, count, self, Number(wake));
    }

    popMany(channel: number, to: number, count: number, self: number, wake: boolean): number {
      return code.by(this.#memory).popMany(channel, to, count, self, Number(wake));
    }

    close(channel: number): boolean {
      return code.by(this.#memory).close(channel) !== 0;
    }
  };
}

function asPeek(node: Node): Node {
  if (typeof node === "string") return node;
  const [head, , address] = node;
  const peeks = /^i(32|64)[.]load$/.test(String(head)) &&
    print(address ?? "") === "(local.get $slot)";
  return peeks ? [String(head).replace("load", "peek"), ...node.slice(1)] : node.map(asPeek);
}

/** Text as lists of words. */
function parse(text: string): Node {
  const stack: Node[][] = [[]];
  for (const [token] of text.replace(/;;.*/g, "").matchAll(/[()]|"[^"]*"|[^\s()"]+/g)) {
    if (token === "(") stack.push([]);
    else if (token === ")") stack[stack.length - 2]!.push(stack.pop()!);
    else stack.at(-1)!.push(token);
  }
  return stack[0]![0]!;
}

function print(node: Node): string {
  return typeof node === "string" ? node : `(${node.map(print).join(" ")})`;
}

/** Puts calls where the memory is touched. */
function instrument(node: Node): Node {
  if (typeof node === "string") return node;
  const [head, ...rest] = node;
  if (head === "module") {
    const imports = Object.values(CALLS).map(({ name, type }) =>
      parse(`(import "recorder" "${name}" (func $recorder.${name} ${type}))`)
    );
    return ["module", ...imports, ...rest.filter((it) => it[0] !== "import").map(instrument)];
  }
  if (typeof head !== "string") return node.map(instrument);
  if (head === "func" && print(rest[0]!) === PEEKS) return node.map(asPeek).map(instrument);
  if (LONG.includes(head)) return ["nop"];
  const call = CALLS[head];
  if (call === undefined) return node.map(instrument);
  const offset = String(rest[0]).startsWith("offset=") ? String(rest.shift()).slice(7) : "0";
  const [address, ...values] = rest.map(instrument);
  const at: Node = ["i32.add", ["i32.const", offset], address!];
  return ["call", `$recorder.${call.name}`, at, ...values];
}
