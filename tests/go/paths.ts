/**
 * All paths through some logic: the idea of `choose` in Go's select5.go and of `exhaustive` in its
 * reflect tests.
 *
 * @module
 */

/** Asks for one of `n` possibilities. */
export type Choose = (n: number) => number;

/**
 * Runs `body` once for each sequence of answers that `choose` can give.
 *
 * @returns How many runs there were.
 */
export async function everyPath(body: (choose: Choose) => void | Promise<void>): Promise<number> {
  let path: { answer: number; of: number }[] = [];
  for (let runs = 1;; runs++) {
    let asked = 0;
    await body((of) => {
      const step = path[asked] ??= { answer: 0, of };
      asked++;
      return step.answer;
    });
    path = path.slice(0, asked);
    while (path.length > 0 && path.at(-1)!.answer === path.at(-1)!.of - 1) path.pop();
    const last = path.at(-1);
    if (last === undefined) return runs;
    last.answer++;
  }
}
