/** What both sieves must find: the primes up to 100. */
export const PRIMES: readonly number[] = Array.from({ length: 99 }, (_, i) => i + 2).filter((n) => {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
});
