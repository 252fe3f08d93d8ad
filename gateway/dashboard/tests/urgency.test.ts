import { describe, expect, test } from 'vitest';
import { announcement, compareAlarms, countUnacknowledged, mostUrgent, ruleWords } from '../src/logic/alarms';
import { compareNames, faultLabel, faultOf, faultWords, matches, urgency } from '../src/logic/cells';
import { WallPlanner } from '../src/logic/wall-layout';
import { emptyState, reduce } from '../src/state/reducer';
import { alarm, at, cell } from './fixtures';

describe('order of the wall', () => {
  test('worst active alarm first, then what is over but unseen, then silence, then names as people count', () => {
    const cells = [
      cell('ended', { state: 'ended' }), cell('plain-10'), cell('plain-2'), cell('quiet', { silent: true }), cell('over'), cell('seen'), cell('unseen'), cell('burning'), cell('advised'),
    ];
    const alarms = [
      alarm('over', 'thermal-runaway', { severity: 'emergency', state: 'returnedUnacknowledged' }),
      alarm('seen', 'capacity-fade', { state: 'acknowledged', acknowledgedAt: 110 }),
      alarm('unseen', 'capacity-fade'),
      alarm('burning', 'thermal-runaway', { severity: 'emergency' }),
      alarm('advised', 'ce-collapse', { severity: 'advisory' }),
      alarm('plain-2', 'ce-collapse', { state: 'normal', severity: 'emergency' }),
    ];
    const state = reduce(reduce(emptyState, { kind: 'cells', cells, all: true, at: at(0) }), { kind: 'alarms', alarms, all: true, anew: true });
    const layout = new WallPlanner().plan(state, { query: '', sort: 'worst', grouped: false });
    expect(layout.groups[0]?.keys.map((key) => state.cells.get(key)?.cell.cell)).toEqual(['burning', 'unseen', 'seen', 'advised', 'over', 'quiet', 'plain-2', 'plain-10', 'ended']);
  });

  test('a value that moves does not move the tile', () => {
    expect(urgency(cell('a', { voltageV: 2 }), [])).toBe(urgency(cell('a', { voltageV: 4 }), []));
  });

  test('names sort as people count', () => {
    expect(['c10', 'c2', 'C1'].sort(compareNames)).toEqual(['C1', 'c2', 'c10']);
  });
});

describe('search', () => {
  const hot = cell('dne-pouch-1', { node: 'bench-a', profile: 'dne-pouch', state: 'discharging' });
  test.each([['', true], ['dne', true], ['DNE bench-a', true], ['discharging', true], ['thermal', true], ['dne resting', false], ['tve', false]])('"%s" finds it: %s', (query, found) => {
    expect(matches(hot, [alarm('dne-pouch-1', 'thermal-limit')], query)).toBe(found);
  });

  test('an alarm that is over and seen is not found', () => {
    expect(matches(hot, [alarm('dne-pouch-1', 'thermal-limit', { state: 'normal' })], 'thermal')).toBe(false);
  });
});

describe('alarms', () => {
  test('only active ones that nobody acknowledged are counted', () => {
    const alarms = [alarm('a', 'x'), alarm('a', 'y', { state: 'acknowledged' }), alarm('b', 'z', { state: 'returnedUnacknowledged' }), alarm('c', 'w', { severity: 'emergency' })];
    expect(countUnacknowledged(alarms)).toEqual({ emergency: 1, critical: 0, warning: 1, advisory: 0 });
  });

  test('are ordered by severity, then unseen, then newest, and the order is total', () => {
    const list = [
      alarm('a', 'old'), alarm('b', 'new', { raisedAt: 200 }), alarm('c', 'seen', { state: 'acknowledged', raisedAt: 300 }),
      alarm('d', 'worst', { severity: 'critical' }), alarm('e', 'done', { state: 'normal', severity: 'emergency' }), alarm('f', 'old'),
    ];
    expect([...list].sort(compareAlarms).map((one) => one.cell)).toEqual(['d', 'b', 'a', 'f', 'c', 'e']);
    expect([...list].reverse().sort(compareAlarms).map((one) => one.cell)).toEqual(['d', 'b', 'a', 'f', 'c', 'e']);
  });

  test('an emergency that is over does not give way to lesser ones that are active', () => {
    const list = [
      alarm('a', 'w1'), alarm('a', 'w2'), alarm('a', 'w3'), alarm('a', 'w4', { state: 'acknowledged' }),
      alarm('a', 'thermal-runaway', { severity: 'emergency', state: 'returnedUnacknowledged' }),
      alarm('a', 'thermal-limit', { severity: 'critical', state: 'returnedUnacknowledged' }),
    ];
    const rules = (most: number): string[] => mostUrgent(list, most).map((one) => one.rule);
    expect(rules(6)).toEqual(['w1', 'w2', 'w3', 'w4', 'thermal-runaway', 'thermal-limit']);
    expect(rules(4)).toEqual(['w1', 'w2', 'thermal-runaway', 'thermal-limit']);
    expect(rules(1)).toEqual(['thermal-runaway']);
  });

  test('among lesser ones the active come first, whatever their severity', () => {
    const list = [alarm('a', 'over', { state: 'returnedUnacknowledged' }), alarm('a', 'advised', { severity: 'advisory' })];
    expect(mostUrgent(list, 1).map((one) => one.rule)).toEqual(['advised']);
  });

  test('are spoken once, the worst by name', () => {
    expect(announcement([])).toBe('');
    expect(announcement([alarm('a', 'thermal-limit')])).toBe('Warning alarm on a: Temperature limit. Surface at 46.3 °C.');
    expect(announcement([alarm('a', 'thermal-limit'), alarm('b', 'hard-short', { severity: 'emergency' })])).toMatch(/^2 new alarms\. The worst: Emergency alarm on b: Hard short\./);
  });

  test('an unknown rule stays readable', () => {
    expect(ruleWords('gas-detected')).toBe('Gas detected');
  });
});

describe('sensor faults', () => {
  test('are put into words however the state is spelt', () => {
    expect(faultWords('outOfRange')).toBe(faultWords('out-of-range'));
    expect(faultLabel('absent')).toBe('no sensor');
    expect(faultWords('melted')).toBe('sensor state: melted');
  });

  test('are found by column', () => {
    const broken = cell('a', { faults: [{ column: 'surface', state: 'open' }] });
    expect(faultOf(broken, 'surface')).toBe('open');
    expect(faultOf(broken, 'infrared')).toBeNull();
  });
});
