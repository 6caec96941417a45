/**
 * Finds the shape of an object: a tree of keys, walked key by key.
 *
 * @module
 */
import type { Memory } from "./codec.ts";
import { mayHaveShape, type Shape, ShapeTable } from "./shapes.ts";

/** A shape gets its number when an object of it is sent for this time: not for each dictionary. */
const SIGHTINGS = 2;
/** So many keys are remembered; then all are forgotten that have come to nothing. */
const MOST_NODES = 4096;

/** Some keys, the first of a shape or all of them. */
export class ShapeNode {
  /** The shape of exactly these keys. */
  shape: Shape | undefined = undefined;
  sightings = 0;
  /** The first key that was ever seen next, and where it leads: most often it is the one. */
  key: string | undefined = undefined;
  next: ShapeNode | undefined = undefined;
  others: Map<string, ShapeNode> | undefined = undefined;

  /** Where another key than the first leads. */
  other(key: string): ShapeNode | undefined {
    return this.others?.get(key);
  }
}

/** The shapes that this thread has seen. */
export class ShapeTree {
  readonly table: ShapeTable;
  root: ShapeNode = new ShapeNode();
  #nodes = 0;
  readonly #shapes: Shape[] = [];

  constructor(memory: Memory) {
    this.table = new ShapeTable(memory, (shape) => {
      this.#shapes.push(shape);
      this.#node(shape.keys).shape = shape;
    });
  }

  /** The shape of an object with these keys, where the walk has found none; if it is to have one. */
  shapeOf(keys: readonly string[]): Shape | undefined {
    if (!mayHaveShape(keys)) return undefined;
    const node = this.#node(keys);
    if (node.shape === undefined && ++node.sightings >= SIGHTINGS) {
      // Seldom enough again, once the table is full.
      node.sightings = 0;
      this.table.learn();
      if (node.shape === undefined) this.table.add(keys);
    }
    return node.shape;
  }

  #node(keys: readonly string[]): ShapeNode {
    if (this.#nodes > MOST_NODES) this.#forget();
    let node = this.root;
    for (const key of keys) node = this.#child(node, key);
    return node;
  }

  #child(node: ShapeNode, key: string): ShapeNode {
    const known = node.key === key ? node.next : node.other(key);
    if (known !== undefined) return known;
    const made = new ShapeNode();
    this.#nodes++;
    if (node.key === undefined) {
      node.key = key;
      node.next = made;
    } else {
      node.others ??= new Map();
      node.others.set(key, made);
    }
    return made;
  }

  #forget(): void {
    this.#nodes = 0;
    this.root = new ShapeNode();
    for (const shape of this.#shapes) {
      let node = this.root;
      for (const key of shape.keys) node = this.#child(node, key);
      node.shape = shape;
    }
    // These are for ever: only what comes on top of them counts.
    this.#nodes = 0;
  }
}
