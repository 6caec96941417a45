/**
 * What the library is to reach, row by row: the most times the floor's time that a scenario may take on the
 * newest Node, on Node 20 and on Deno, and the most times Go's, with two processors, on the newest Node. By the
 * clock, as the median of the ratios of paired rounds. Where there is no target to the floor, that to Go holds on all
 * three: engines leave out most of the floor of `seq`, and what `array_loop` is to beat is Go. The figures come from a prototype that was made for these
 * scenarios only, plus a tenth.
 */
const ROWS = `
  seq                      -     -     -      0.30
  bounded_seq              1.45  1.50  2.55   3.10
  bounded0_spsc            1.55  1.60  1.75   1.15
  bounded1_spsc            1.30  1.30  1.40   0.85
  bounded16_spsc           1.30  1.35  1.50   1.85
  bounded16_spsc_rxfirst   1.30  1.35  1.50   1.85
  bounded1024_spsc         1.30  1.40  1.45   2.40
  bounded_spsc             1.30  1.35  1.45   2.50
  unbounded_spsc           1.30  1.40  1.45   -
  pingpong                 1.60  1.70  1.80   1.10
  bounded16_mpsc8          1.50  1.50  1.55   3.30
  bounded0_mpsc            1.45  1.40  1.55   1.15
  bounded_mpsc             1.50  2.05  1.90   2.80
  bounded16_mpmc           1.25  1.40  1.35   1.95
  bounded0_mpmc            1.45  1.45  1.70   1.10
  bounded_mpmc             1.25  1.35  1.40   2.60
  batches                  2.55  2.50  3.05   0.40
  sendmany                 1.50  1.45  1.75   0.70
  select_ready2            1.80  1.90  2.70   1.25
  select_parked2           2.05  2.20  2.50   0.80
  select_idle              2.15  2.20  2.50   0.75
  select_timeout           3.60  3.90  6.30   0.55
  bounded0_select_rx       2.05  2.25  2.50   0.75
  bounded_select_rx        2.55  2.55  3.05   1.45
  bounded0_select_both     3.35  3.40  4.20   0.85
  abort_recv               1.35  1.40  1.75   1.10
  abort_parked             2.00  2.60  2.30   0.70
  from_gen                 2.15  2.00  2.40   1.85
  array_loop               -     -     -      1.00
  pipe_map3                2.20  2.15  2.35   0.55
  merge8                   1.60  1.65  1.60   0.70
  sieve500                 1.65  1.95  2.00   0.95
  parked100k               1.90  1.65  2.05   1.50
`;

const number = (text) => text === "-" ? undefined : Number(text);

/** Each `{ scenario, floor: { node, node20, deno }, go, bytes }`; undefined where there is no target. */
export const TARGETS = ROWS.trim().split("\n").map((row) => {
  const [scenario, node, node20, deno, go] = row.trim().split(/\s+/);
  const floor = {
    node: number(node),
    node20: number(node20),
    deno: number(deno),
  };
  return {
    scenario,
    floor,
    go: number(go),
    bytes: scenario === "parked100k" ? 1 / 3 : undefined,
  };
});
