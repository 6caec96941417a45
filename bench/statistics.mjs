/** What is made of the rounds. */

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios of paired rounds; undefined if one of the two has none. */
export function paired(rounds, base) {
  if (rounds === undefined || base === undefined) return undefined;
  const ratios = rounds.map((ns, i) => ns / base[i]).filter((ratio) => ratio > 0);
  return ratios.length === 0 ? undefined : median(ratios);
}

/** One line of the results: nanoseconds, and the ratios to the floor and to Go. */
export function summarize(results) {
  const of = (name) => results.find((result) => result.name === name && !result.failure)?.rounds;
  return results.map(({ name, rounds, cpu, bytes, n, failure }) => {
    if (failure !== undefined || rounds.length === 0) {
      return { contender: name, failure };
    }
    return {
      contender: name,
      n,
      best: Math.min(...rounds),
      median: median(rounds),
      cpu: median(cpu),
      bytes,
      xFloor: paired(rounds, of("floor")),
      xGo1: paired(rounds, of("go1")),
      xGo2: paired(rounds, of("go2")),
      rounds,
    };
  });
}
