import { describe, expect, it } from 'vitest';
import type { ProfileFigure, SetupChannel } from '../src/api/setup-types';
import { copyName, curveOf, curveText, differences, figureProblem, isLooser, matching, nameProblem, numberOf } from '../src/logic/setup';

const temperature: ProfileFigure = { name: 'maximumWorkingTemperatureC', title: '', unit: 'C', least: -60, most: 200, meaning: '', isLimit: true };
const lowest: ProfileFigure = { ...temperature, name: 'minimumVoltageV', unit: 'V', least: -6, most: 6 };

describe('what a form says before the gateway is asked', () => {
  it('takes numbers as people write them', () => {
    expect([numberOf(' 4,25 '), numberOf('-3.5'), numberOf('\u22123'), numberOf('1e-3'), numberOf('')]).toEqual([4.25, -3.5, -3, 0.001, null]);
    expect(['4.2V', '1.2.3', '--1', 'e5', '0x10', 'Infinity'].map(numberOf)).toEqual(Array(6).fill(Number.NaN));
  });

  it('names value and bounds', () => {
    expect(figureProblem(temperature, '400')).toBe('400 is outside -60 to 200 °C.');
    expect(figureProblem(temperature, 'hot')).toBe('hot is not a number.');
    expect([figureProblem(temperature, '200'), figureProblem(temperature, '')]).toEqual([null, null]);
  });

  it('holds names to what a topic can carry', () => {
    expect(['c1', 'A.b_c-9', 'x'.repeat(64), ''].map((each) => nameProblem(each, 'cell'))).toEqual([null, null, null, null]);
    for (const bad of ['a b', 'a/b', '..', '_gateway', 'x'.repeat(65), 'ü']) {
      expect(nameProblem(bad, 'cell')).toContain('64');
    }
  });

  it('knows in which direction a limit protects less', () => {
    const profile = { maximumWorkingTemperatureC: 60, minimumVoltageV: 2.8 };
    expect([isLooser(temperature, 61, profile), isLooser(temperature, 60, profile), isLooser(lowest, 2.7, profile), isLooser(lowest, 2.9, profile)]).toEqual([true, false, true, false]);
    expect(isLooser(temperature, 150, { maximumWorkingTemperatureC: null })).toBe(false);
  });
});

describe('curves and versions', () => {
  it('brings a curve back as it was', () => {
    const curve = [[1, 1], [100, 0.985]];
    expect(curveOf(curveText(curve))).toEqual(curve);
    expect(curveOf('1 1\n\n100; 0,9')).toEqual([[1, 1], [100, 0, 9]]);
    expect([curveOf(' \n '), curveText(null)]).toEqual([null, '']);
    expect(curveOf('one 1')).toEqual([['one', 1]]);
  });

  it('tells only what differs', () => {
    expect(differences({ a: 1, b: null, c: [1] }, { a: 2, c: [1] })).toEqual([{ field: 'a', before: 1, after: 2 }]);
  });

  it('finds a free name', () => {
    expect(copyName('dne-pouch', [])).toBe('dne-pouch-copy');
    expect(copyName('dne-pouch', ['dne-pouch-copy'])).toBe('dne-pouch-copy-2');
    expect(copyName('x'.repeat(64), []).length).toBeLessThanOrEqual(64);
  });

  it('finds a channel by node, cell or bench', () => {
    const channel = { node: 'n1', channel: '2', cell: 'Blue-7', label: 'l', bench: 'left', profile: null, running: null } as unknown as SetupChannel;
    expect(['', 'blue', 'N1/2', 'LEFT'].map((text) => matching([channel], text).length)).toEqual([1, 1, 1, 1]);
    expect(matching([channel], 'right')).toEqual([]);
  });
});
