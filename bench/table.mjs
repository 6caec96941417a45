/** The results as text. */

const HEAD = [
  "scenario",
  "contender",
  "best ns",
  "median",
  "cpu",
  "x floor",
  "x Go P=1",
  "x Go P=2",
  "bytes",
];

/** One table: a line for each contender of each scenario. */
export function table(rows) {
  const lines = [HEAD];
  let last;
  for (const { scenario, ...row } of rows) {
    lines.push(cells(scenario === last ? "" : scenario, row));
    last = scenario;
  }
  return align(lines);
}

function cells(
  scenario,
  { contender, failure, best, median, cpu, xFloor, xGo1, xGo2, bytes },
) {
  if (best === undefined) {
    return [
      scenario,
      contender,
      failure?.split("\n")[0] ?? "",
      "",
      "",
      "",
      "",
      "",
      "",
    ];
  }
  return [
    scenario,
    contender,
    ns(best),
    ns(median),
    ns(cpu),
    ratio(xFloor),
    ratio(xGo1),
    ratio(xGo2),
    bytes?.toFixed(0) ?? "",
  ];
}

function ns(number) {
  return number < 100 ? number.toPrecision(3) : number.toFixed(0);
}

function ratio(number) {
  if (number === undefined) return "";
  return number < 9.995 ? number.toFixed(2) : number.toFixed(0);
}

function align(lines) {
  const widths = HEAD.map((_, i) => {
    return Math.max(
      ...lines.filter((line) => line[3] !== "").map((line) => line[i].length),
    );
  });
  const text = lines.map((line) => {
    return line.map((cell, i) => i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join(
      "  ",
    );
  });
  text.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return text.map((line) => line.trimEnd()).join("\n");
}
