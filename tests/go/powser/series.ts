/**
 * Power series as processes: a series is a demand channel along which its coefficients flow, and an
 * operation is a task that asks its operands for as many as it needs. After Doug McIlroy's "Squinting at
 * Power Series" (1990), the paper that Go's programs are made from.
 *
 * @module
 */
import type { Go } from "../program.ts";
import { Demand, getBoth, Split } from "./demand.ts";
import type { Field } from "./rational.ts";

/** Coefficients, constant term first, in one representation of the rationals. */
export class Algebra<R> {
  readonly #go: Go;
  readonly #field: Field<R>;
  readonly #zero: R;
  readonly #one: R;
  readonly #end: R;

  constructor(go: Go, field: Field<R>) {
    this.#go = go;
    this.#field = field;
    this.#zero = field.of(0, 1);
    this.#one = field.of(1, 1);
    this.#end = field.of(1, 0);
  }

  /** The same coefficient for ever: `c / (1 - x)`. */
  repeat(c: R): Demand<R> {
    return this.#start(async (z) => {
      for (;;) await z.put(c);
    });
  }

  /** `c x^n`. */
  monomial(c: R, n: number): Demand<R> {
    return this.#start(async (z) => {
      for (; n > 0; n--) await z.put(this.#zero);
      await z.put(c);
      await z.put(this.#end);
    });
  }

  add(u: Demand<R>, v: Demand<R>): Demand<R> {
    const { add, isEnd } = this.#field;
    return this.#start(async (z) => {
      for (;;) {
        await z.asked();
        const [a, b] = await getBoth(u, v);
        if (isEnd(a)) {
          await z.answers.send(b);
          await z.copy(v);
        }
        if (isEnd(b)) {
          await z.answers.send(a);
          await z.copy(u);
        }
        await z.answers.send(add(a, b));
      }
    });
  }

  subtract(u: Demand<R>, v: Demand<R>): Demand<R> {
    return this.add(u, this.scale(this.#field.negate(this.#one), v));
  }

  scale(c: R, u: Demand<R>): Demand<R> {
    return this.#each(u, (a) => this.#field.multiply(c, a));
  }

  /** `c + x U`. */
  shift(c: R, u: Demand<R>): Demand<R> {
    return this.#start(async (z) => {
      await z.put(c);
      await z.copy(u);
    });
  }

  /** With `U = u + x UU` and `V = v + x VV`: `u v + x (u VV + v UU) + x^2 UU VV`. */
  multiply(u: Demand<R>, v: Demand<R>): Demand<R> {
    const { isEnd, multiply } = this.#field;
    return this.#start(async (z) => {
      await z.asked();
      const [a, b] = await getBoth(u, v);
      if (isEnd(a) || isEnd(b)) return await z.answers.send(this.#end);
      await z.answers.send(multiply(a, b));
      const [uu, vv] = [this.#split(u), this.#split(v)];
      const w = this.add(this.scale(a, vv[0]), this.scale(b, uu[0]));
      await z.asked(); // before it asks itself: an eager step would never end in a recursive series
      await z.answers.send(await w.get());
      await z.copy(this.add(w, this.multiply(uu[1], vv[1])));
    });
  }

  differentiate(u: Demand<R>): Demand<R> {
    const { multiply, of } = this.#field;
    return this.#each(u, (a, n) => multiply(of(n + 1, 1), a), 1);
  }

  /** @param c The constant of integration. */
  integrate(c: R, u: Demand<R>): Demand<R> {
    const { multiply, of } = this.#field;
    return this.shift(c, this.#each(u, (a, n) => multiply(of(1, n + 1), a)));
  }

  /** `(1 + x)^c`. */
  binomial(c: R): Demand<R> {
    const { add, isZero, multiply, of } = this.#field;
    return this.#start(async (z) => {
      let term = this.#one;
      for (let n = 1; !isZero(term); n++) {
        await z.put(term);
        term = multiply(multiply(term, c), of(1, n));
        c = add(c, of(-1, 1));
      }
      await z.put(this.#end);
    });
  }

  /** `1 / U`: with `z = 1 / u`, the rest is `-z UU (z + x ZZ)`. */
  reciprocal(u: Demand<R>): Demand<R> {
    const { invert, negate } = this.#field;
    return this.#start(async (z) => {
      await z.asked();
      const constant = invert(await u.get());
      await z.answers.send(constant);
      const rest: [Demand<R>, Demand<R>] = [new Demand(), new Demand()];
      const product = this.multiply(this.scale(negate(constant), u), this.shift(constant, rest[0]));
      new Split(this.#go, product, rest);
      await z.copy(rest[1]);
    });
  }

  /** `Z = exp U`, from `Z' = Z U'`: Z is made from itself. The constant of U is taken for 0. */
  exp(u: Demand<R>): Demand<R> {
    const branches: [Demand<R>, Demand<R>] = [new Demand(), new Demand()];
    const product = this.multiply(branches[0], this.differentiate(u));
    new Split(this.#go, this.integrate(this.#one, product), branches);
    return branches[1];
  }

  /** `U(V)`, with 0 for the constant of V: `u + VV UU(V)`. */
  substitute(u: Demand<R>, v: Demand<R>): Demand<R> {
    const { isEnd } = this.#field;
    return this.#start(async (z) => {
      const [first, second] = this.#split(v);
      await z.asked();
      const constant = await u.get();
      await z.answers.send(constant);
      if (isEnd(constant)) return;
      if (isEnd(await first.get())) return await z.put(this.#end);
      await z.copy(this.multiply(first, this.substitute(u, second)));
    });
  }

  /** `U(c x^n)`. */
  substituteMonomial(u: Demand<R>, c: R, n: number): Demand<R> {
    const { isEnd, multiply } = this.#field;
    return this.#start(async (z) => {
      for (let power = this.#one;; power = multiply(power, c)) {
        await z.asked();
        const a = await u.get();
        if (isEnd(a)) return await z.answers.send(this.#end);
        await z.answers.send(multiply(a, power));
        for (let i = 1; i < n; i++) await z.put(this.#zero);
      }
    });
  }

  /** A series whose coefficients are made from those of `u`, after the first `skipped`. */
  #each(u: Demand<R>, make: (a: R, n: number) => R, skipped = 0): Demand<R> {
    const { isEnd } = this.#field;
    return this.#start(async (z) => {
      for (let n = 0;; n++) {
        await z.asked();
        let a = await u.get();
        for (; skipped > 0 && !isEnd(a); skipped--) a = await u.get();
        if (isEnd(a)) return await z.answers.send(this.#end);
        await z.answers.send(make(a, n));
      }
    });
  }

  #split(u: Demand<R>): [Demand<R>, Demand<R>] {
    const branches: [Demand<R>, Demand<R>] = [new Demand(), new Demand()];
    new Split(this.#go, u, branches);
    return branches;
  }

  #start(generate: (z: Demand<R>) => Promise<void>): Demand<R> {
    const z = new Demand<R>();
    this.#go(() => generate(z));
    return z;
  }
}
