import { describe, expect, test } from 'vitest';
import type { Cycle } from '../src/api/types';
import { cycleColumns, referenceCapacityAh } from '../src/logic/cycles';
import { sparkline } from '../src/logic/sparkline';
import { lastKnown } from '../src/plots/axes';
import { decimalsFor } from '../src/plots/decimals';
import { fileName, toCsv } from '../src/plots/csv';
import { cell } from './fixtures';

const cycle = (index: number, change: Partial<Cycle> = {}): Cycle => ({
  index, start: 0, end: 1, chargeCapacityAh: 1.01, dischargeCapacityAh: 1, coulombicEfficiency: 0.99, coulombicEfficiencyUncertainty: null,
  chargeCapacityUncertaintyAh: null, dischargeCapacityUncertaintyAh: null, polarizationUncertaintyV: null,
  chargeEnergyWh: 4, dischargeEnergyWh: 3.7, meanChargeVoltageV: 3.9, meanDischargeVoltageV: 3.7, polarizationV: 0.2, maxTemperatureC: 30,
  quality: 'complete', qualityReason: '', revision: 0, ...change,
});

describe('sparkline', () => {
  test('spans the box from the first to the last point', () => {
    expect(sparkline([[0, 3], [5, 4], [10, 3]], 200, 30)?.path).toBe('M0.0 30.0L100.0 0.0L200.0 30.0');
  });

  test('leaves a gap where there is no reading', () => {
    expect(sparkline([[0, 3], [1, 3], [2, null], [3, 4], [4, 4]], 100, 10)?.path.match(/M/g)).toHaveLength(2);
  });

  test('does not blow noise up to full height', () => {
    expect(sparkline([[0, 3.7], [1, 3.7001]], 100, 10)?.path).toMatch(/^M0\.0 5\.0L100\.0 5\.0$/);
  });

  test.each([[[]], [[[0, 3]]], [[[0, null], [1, null]]], [[[1, 3], [1, 4]]]])('needs two readings at two times: %j', (points) => {
    expect(sparkline(points as [number, number | null][], 100, 10)).toBeNull();
  });
});

describe('cycles', () => {
  test('the reference is what the gateway held its retention against', () => {
    const shown = cell('a', { retention: 0.8, lastCycle: cycle(9, { dischargeCapacityAh: 0.6 }) });
    expect(referenceCapacityAh(shown, [])).toBeCloseTo(0.6 / 0.8, 12);
  });

  test('else it is the first complete cycle', () => {
    expect(referenceCapacityAh(null, [cycle(1, { quality: 'partial', dischargeCapacityAh: 2 }), cycle(2, { dischargeCapacityAh: 1.5 })])).toBe(1.5);
    expect(referenceCapacityAh(null, [])).toBeNull();
  });

  test('a gapped cycle keeps its capacity and takes no part in retention', () => {
    const columns = cycleColumns([cycle(2, { quality: 'gapped', dischargeCapacityAh: 0.5 }), cycle(1)], 1);
    expect(columns.index).toEqual([1, 2]);
    expect(columns.dischargeAh).toEqual([1, 0.5]);
    expect(columns.retentionPercent).toEqual([100, null]);
    expect(columns.efficiencyPercent).toEqual([99, null]);
  });

  test('what is not known stays unknown', () => {
    expect(cycleColumns([cycle(1, { polarizationV: null, chargeCapacityAh: null })], null)).toMatchObject({ polarizationMillivolts: [null], chargeAh: [null], retentionPercent: [null] });
  });
});

describe('axes and files', () => {
  test.each([[0.25, 2], [0.5, 1], [0.1, 1], [20, 0], [0.05, 2], [0.0025, 4]])('steps of %s need %s decimals', (step, decimals) => {
    expect(decimalsFor(step)).toBe(decimals);
  });

  test('a line that ends early is told by its own last value', () => {
    expect([lastKnown([1, 2, null, null]), lastKnown([null]), lastKnown([])]).toEqual([2, null, null]);
  });

  test('CSV quotes what needs it and leaves absent values empty', () => {
    expect(toCsv(['a', 'b,c'], [[1.5, null], ['say "x"', 0]])).toBe('a,"b,c"\r\n1.5,\r\n"say ""x""",0\r\n');
  });

  test('CSV makes no text a formula of a spreadsheet, and leaves numbers as they are', () => {
    const typed = ['=HYPERLINK("http://x")', '+1', '-2', '@SUM(A1)', '\t=1', '\r=1', 'a=b', -2.5];
    expect(toCsv(['note'], typed.map((text) => [text]))).toBe(
      'note\r\n"\'=HYPERLINK(""http://x"")"\r\n\'+1\r\n\'-2\r\n\'@SUM(A1)\r\n\'\t=1\r\n"\'\r=1"\r\na=b\r\n-2.5\r\n');
  });

  test('file names hold no character that some system refuses', () => {
    expect(fileName('cell/1:x', 'samples.csv')).toBe('cell_1_x-samples.csv');
  });
});
