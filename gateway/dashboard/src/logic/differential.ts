// Curves of dQ/dV over one another: which cycles are laid over the chosen one, their colours and their dashes.

/** The first, the chosen and the last cycle, and between first and last as many as asked for, evenly; ascending, each once. */
export function overlayCycles(indices: readonly number[], chosen: number, between: number): number[] {
  const sorted = [...indices].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (first === undefined || last === undefined) {
    return [];
  }
  const wanted = new Set([first, last, ...(sorted.includes(chosen) ? [chosen] : [])]);
  for (let at = 1; at <= between; at += 1) {
    wanted.add(sorted[Math.round((at * (sorted.length - 1)) / (between + 1))] as number);
  }
  return [...wanted].sort((a, b) => a - b);
}

/** A colour of a scale from the first cycle (cool) to the last (warm), by how far the cycle lies between them; light enough for the theme. */
export function cycleColour(cycle: number, first: number, last: number, isDark: boolean): string {
  const share = last > first ? (cycle - first) / (last - first) : 0;
  const hue = Math.round(215 - 190 * share);
  return `hsl(${hue} ${isDark ? 70 : 75}% ${isDark ? 66 : 38}%)`;
}

const dashes: readonly (readonly number[])[] = [[2, 3], [7, 3], [7, 3, 2, 3], [12, 4], [12, 3, 2, 3], [7, 3, 2, 3, 2, 3], [12, 3, 2, 3, 2, 3], [16, 5]];

/** A second sign beside the colour: the chosen cycle is drawn through, each other one has a dash of its own by its place among those shown. */
export const cycleDash = (cycle: number, chosen: number, shown: readonly number[]): readonly number[] =>
  (cycle === chosen ? [] : (dashes[shown.filter((other) => other !== chosen).indexOf(cycle) % dashes.length] ?? []));

/** Curves on one ascending grid of voltages; null where a curve has no point. Voltages are equal within a tenth of the grid. */
export function onOneGrid(curves: readonly { readonly voltageV: readonly number[]; readonly densityAhPerV: readonly number[] }[], gridV: number): { voltageV: number[]; columns: (number | null)[][] } {
  const places = new Map<number, number>();
  for (const curve of curves) {
    curve.voltageV.forEach((volts) => places.set(Math.round((volts / gridV) * 10), volts));
  }
  const keys = [...places.keys()].sort((a, b) => a - b);
  const at = new Map(keys.map((key, index) => [key, index]));
  const columns = curves.map((curve) => {
    const column: (number | null)[] = new Array<number | null>(keys.length).fill(null);
    curve.voltageV.forEach((volts, index) => {
      column[at.get(Math.round((volts / gridV) * 10)) as number] = curve.densityAhPerV[index] ?? null;
    });
    return column;
  });
  return { voltageV: keys.map((key) => places.get(key) as number), columns };
}
