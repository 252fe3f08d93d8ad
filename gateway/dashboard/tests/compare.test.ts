import { describe, expect, test } from 'vitest';
import type { Standing } from '../src/api/cell-types';
import type { Cycle } from '../src/api/types';
import { cohortLine, comparisonHref, evenPlaces, groupOf, lineOf, mostCells, parseComparison, positions, quantile, valueAt, type Subject } from '../src/logic/cohort';
import { curveAt, cycleColumns, cycleResistances, middle, projectionWords } from '../src/logic/cycles';
import { cycleColour, cycleDash, onOneGrid, overlayCycles } from '../src/logic/differential';
import { groupsOf, rowsOf, styleOf } from '../src/pages/compare-figures';
import { cycleFigures } from '../src/plots/cycle-figures';

const cycle = (index: number, dischargeCapacityAh: number | null, change: Partial<Cycle> = {}): Cycle => ({
  index, start: index * 100, end: index * 100 + 100, chargeCapacityAh: 1, dischargeCapacityAh, coulombicEfficiency: 0.99, coulombicEfficiencyUncertainty: 0.001,
  chargeCapacityUncertaintyAh: null, dischargeCapacityUncertaintyAh: null, polarizationUncertaintyV: null,
  chargeEnergyWh: 4, dischargeEnergyWh: 3.7, energyEfficiency: 0.925, meanChargeVoltageV: 3.9, meanDischargeVoltageV: 3.7, polarizationV: 0.2, maxTemperatureC: 30,
  quality: 'complete', qualityReason: '', revision: 0, ...change,
});
const subject = (cell: string, capacities: readonly (number | null)[], change: Partial<Subject> = {}): Subject => ({
  cell, test: `${cell}@1`, profile: 'dne-pouch', cycles: capacities.map((capacity, at) => cycle(at + 1, capacity)), pulses: [], standing: null, ...change,
});
const standing = { referenceCycle: 2, profile: 'p', profileContent: { name: 'p', kind: 'full', nominalCapacityAh: 2, endOfLifeRetention: 0.8, referenceRetention: [[1, 1], [11, 0.9]] } } as unknown as Standing;

describe('a line of one cell', () => {
  test('retention is against the reference cycle of its standing, else the first whole one', () => {
    expect(lineOf(subject('a', [2, 1, 0.5]), 'retention', 'cycle')).toEqual([{ x: 1, y: 100 }, { x: 2, y: 50 }, { x: 3, y: 25 }]);
    expect(lineOf(subject('a', [2, 1, 0.5], { standing }), 'retention', 'cycle').map(({ y }) => y)).toEqual([200, 100, 50]);
  });

  test('full cycles are throughput over the nominal capacity', () => {
    expect(positions(subject('a', [2, 1, 0.5]), 'throughput')).toEqual([2, 3, 3.5]);
    expect(positions(subject('a', [2, 1, 0.5], { standing }), 'fullCycles')).toEqual([1, 1.5, 1.75]);
  });

  test('beyond a capacity that is not known there is no throughput', () => {
    expect(positions(subject('a', [2, null, 0.5]), 'throughput')).toEqual([2, null, null]);
  });

  test('a cycle that is not whole takes no part but moves the others along the axis', () => {
    const one = { ...subject('a', []), cycles: [cycle(1, 1), cycle(2, 1, { quality: 'gapped' }), cycle(3, 0.9)] };
    expect(lineOf(one, 'retention', 'throughput')).toEqual([{ x: 1, y: 100 }, { x: 2.9, y: 90 }]);
  });
});

describe('a cohort', () => {
  const line = (...ys: number[]): { x: number; y: number }[] => ys.map((y, at) => ({ x: at + 1, y }));

  test('of two is their mean with both as its spread', () => {
    expect(cohortLine([line(100, 90), line(100, 80)], [1, 2], true)).toEqual([{ x: 1, median: 100, low: 100, high: 100, count: 2 }, { x: 2, median: 85, low: 80, high: 90, count: 2 }]);
  });

  test('of five has the middle one with the quartiles, worked by hand', () => {
    const [point] = cohortLine([line(10), line(20), line(30), line(40), line(100)], [1], true);
    expect(point).toEqual({ x: 1, median: 30, low: 20, high: 40, count: 5 });
  });

  test('ends where fewer than half of its cells go on', () => {
    expect(cohortLine([line(1, 1, 1), line(1, 1), line(1)], [1, 2, 3], true).map(({ x }) => x)).toEqual([1, 2]);
  });

  test('is read between the points of each where they share none', () => {
    const lines = [[{ x: 0, y: 0 }, { x: 10, y: 10 }], [{ x: 0, y: 10 }, { x: 10, y: 30 }]];
    expect(cohortLine(lines, [5], false)).toEqual([{ x: 5, median: 12.5, low: 5, high: 20, count: 2 }]);
    expect(valueAt(lines[0] as { x: number; y: number }[], 11)).toBeNull();
    expect(evenPlaces(lines, 3)).toEqual([0, 5, 10]);
  });

  test.each([[0.25, 1.75], [0.5, 2.5], [1, 4]])('quantile %s of 1, 2, 3, 4 is %s', (share, value) => {
    expect(quantile([1, 2, 3, 4], share)).toBe(value);
  });

  test('cells are grouped by profile, by name without its number, or by bench', () => {
    expect([groupOf('dne-pouch-12', 'p', 'b', 'profile'), groupOf('dne-pouch-12', null, 'b', 'profile'), groupOf('dne-pouch-12', 'p', 'b', 'prefix'), groupOf('7', 'p', 'b', 'prefix'), groupOf('x', 'p', 'b', 'bench')])
      .toEqual(['p', 'no profile', 'dne-pouch', '7', 'b']);
  });

  test('its figures are the medians of its cells at the last cycle all of them reach', () => {
    const groups = groupsOf([subject('a-1', [1, 0.9, 0.8]), subject('a-2', [1, 0.8]), subject('b-1', [2, 1.9, 1.8, 1.7])], 'prefix', () => '');
    const { rows, common } = rowsOf(groups);
    expect(common).toBe(2);
    expect(rows.map(({ name, cells, cycles }) => [name, cells, cycles])).toEqual([['a', 2, '2 to 3'], ['b-1', 1, '4']]);
    expect(rows[0]?.retentionPercent).toBeCloseTo(85, 9);
    expect(rows[1]?.retentionPercent).toBeCloseTo(95, 9);
  });

  test('24 lines all look different', () => {
    const styles = Array.from({ length: mostCells }, (_, at) => styleOf(at, true)).map(({ colour, dash }) => `${colour}${dash.join()}`);
    expect(new Set(styles).size).toBe(mostCells);
  });
});

describe('the link of a comparison', () => {
  test('says what it shows and reads back', () => {
    const comparison = { cells: ['a', 'b.1'], grouping: 'profile', axis: 'fullCycles' } as const;
    const href = comparisonHref(comparison);
    expect(href).toBe('#/compare?cells=a,b.1&by=profile&x=fullCycles');
    expect(parseComparison(new URLSearchParams(href.split('?')[1]))).toEqual({ ...comparison, leftOut: 0 });
  });

  test('names no cell twice, none that cannot be one, and no more than are compared', () => {
    expect(parseComparison(new URLSearchParams('cells=a,a,<b>,,c&by=nonsense&x=1'))).toEqual({ cells: ['a', 'c'], leftOut: 0, grouping: 'none', axis: 'cycle' });
    const many = parseComparison(new URLSearchParams(`cells=${Array.from({ length: 30 }, (_, at) => `c${at}`).join()}`));
    expect([many.cells.length, many.leftOut]).toEqual([mostCells, 6]);
  });
});

describe('figures of a test', () => {
  test('the reference curve is read between its points', () => {
    expect([0, 1, 6, 11, 12].map((at) => curveAt([[1, 1], [11, 0.9]], at))).toEqual([null, 1, 0.95, 0.9, null]);
    expect(curveAt(undefined, 1)).toBeNull();
  });

  test('efficiency has a band where its uncertainty is known', () => {
    const columns = cycleColumns([cycle(1, 1), cycle(2, 1, { coulombicEfficiencyUncertainty: null })], 1);
    expect(columns.efficiencyEndsPercent.low[0]).toBeCloseTo(98.9, 9);
    expect(columns.efficiencyEndsPercent.high[0]).toBeCloseTo(99.1, 9);
    expect(columns.efficiencyEndsPercent.low[1]).toBeNull();
  });

  test('capacities and polarization have bands of one standard uncertainty, each where its own is known', () => {
    const known = { chargeCapacityUncertaintyAh: 0.002, dischargeCapacityUncertaintyAh: 0.001, polarizationUncertaintyV: 0.0005 };
    const columns = cycleColumns([cycle(2, 0.9, known), cycle(1, 1), cycle(3, null, { ...known, quality: 'gapped' })], 1);
    expect(columns.dischargeEndsAh).toEqual({ low: [null, 0.899, null], high: [null, 0.901, null] });
    expect(columns.chargeEndsAh).toEqual({ low: [null, 0.998, 0.998], high: [null, 1.002, 1.002] });
    expect(columns.polarizationEndsMillivolts.low.map((value) => value?.toFixed(6))).toEqual([undefined, '199.500000', '199.500000']);
    const bandsOf = (cycles: Cycle[]): (string | undefined)[][] => cycleFigures(cycles, [], null, 1).map(({ key, lines }) => [key, ...lines.map(({ band }) => band?.words)]);
    expect(bandsOf([cycle(1, 1, known)])).toEqual([['capacity', 'Uncertainty, k = 1', 'Uncertainty, k = 1'], ['retention', undefined], ['efficiency', 'Uncertainty, k = 1'], ['polarization', 'Uncertainty, k = 1'], ['energy', undefined]]);
    expect(bandsOf([cycle(1, 1)])[0]).toEqual(['capacity', undefined, undefined]);
  });

  test('pulses count to the cycle they lie in', () => {
    const pulse = (time: number, r10sOhm: number | null): { time: number; currentA: number; r0Ohm: null; r1sOhm: null; r10sOhm: number | null } => ({ time, currentA: 1, r0Ohm: null, r1sOhm: null, r10sOhm });
    const [first, second] = cycleResistances([cycle(1, 1), cycle(2, 1)], [pulse(100, 0.02), pulse(150, 0.04), pulse(199, 0.03), pulse(200, 0.05), pulse(250, null)], 'r10sOhm');
    expect(first).toEqual({ median: 30, low: 20, high: 40 });
    expect(second).toEqual({ median: 50, low: 50, high: 50 });
  });

  test('retention stands beside the curve of the profile; what is not known has no figure', () => {
    const figures = cycleFigures([cycle(1, 2), cycle(2, 2), cycle(3, 1.8)], [], standing, 2);
    expect(figures.map(({ key }) => key)).toEqual(['capacity', 'retention', 'efficiency', 'polarization', 'energy']);
    expect(figures[1]?.lines.map(({ label, values }) => [label, values])).toEqual([['Retention', [100, 100, 90]], ['Reference curve', [100, 99, 98]]]);
  });

  test.each([[[3, 1, 2], 2], [[4, 1, 2, 3], 2.5], [[], null]])('the middle of %j is %s', (values, expected) => {
    expect(middle([...values].sort((a, b) => a - b))).toBe(expected);
  });

  test('a projection is told with its interval, or that there may be no end', () => {
    expect(projectionWords({ cycle: 412.4, lowCycle: 300, highCycle: 600 }, 0.8)).toBe('The trend reaches 80 % at cycle 412 (95 %: 300 to 600).');
    expect(projectionWords({ cycle: 412.4, lowCycle: 300, highCycle: null }, 0.8)).toBe('The trend reaches 80 % at cycle 412 (95 %: 300 or later; it may not fall at all).');
    expect(projectionWords(null, 0.8)).toBe('');
  });
});

describe('dQ/dV', () => {
  test('is laid over the first and the last cycle, and some between', () => {
    expect(overlayCycles([1, 2, 3, 4, 5, 6, 7, 8, 9], 4, 0)).toEqual([1, 4, 9]);
    expect(overlayCycles([1, 2, 3, 4, 5, 6, 7, 8, 9], 9, 3)).toEqual([1, 3, 5, 7, 9]);
    expect(overlayCycles([], 1, 3)).toEqual([]);
  });

  test('curves come on one grid with gaps where one has no point', () => {
    expect(onOneGrid([{ voltageV: [3, 3.005], densityAhPerV: [1, 2] }, { voltageV: [3.005000001, 3.01], densityAhPerV: [5, 6] }], 0.005).columns).toEqual([[1, 2, null], [null, 5, 6]]);
  });

  test('no two cycles are told apart by colour alone', () => {
    const shown = overlayCycles([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 4, 5);
    expect(shown).toHaveLength(8);
    expect(new Set(shown.map((cycle) => cycleDash(cycle, 4, shown).join())).size).toBe(8);
    expect(cycleDash(4, 4, shown)).toEqual([]);
  });

  test('colours go from cool to warm', () => {
    expect([cycleColour(1, 1, 9, true), cycleColour(9, 1, 9, true), cycleColour(1, 1, 1, false)]).toEqual(['hsl(215 70% 66%)', 'hsl(25 70% 66%)', 'hsl(215 75% 38%)']);
  });
});
