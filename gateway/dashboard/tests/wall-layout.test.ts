import { describe, expect, it } from 'vitest';
import type { Alarm, Cell } from '../src/api/types';
import { stepTime, stepWords } from '../src/logic/cells';
import { shadeOf, shades } from '../src/logic/overview';
import { WallPlanner, type WallOptions } from '../src/logic/wall-layout';
import { emptyState, reduce, type DashboardState } from '../src/state/reducer';
import { alarm, at, cell } from './fixtures';

const usual: WallOptions = { query: '', sort: 'worst', grouped: null };

const stateOf = (cells: readonly Cell[], alarms: readonly Alarm[] = []): DashboardState =>
  reduce(reduce(emptyState, { kind: 'cells', cells, all: true, at: at(0) }), { kind: 'alarms', alarms, all: true, anew: true });

const names = (state: DashboardState, keys: readonly string[]): (string | undefined)[] => keys.map((key) => state.cells.get(key)?.cell.cell);

describe('wall layout', () => {
  const cells = [
    cell('a-1', { bench: 'left' }), cell('a-2', { bench: 'left', state: 'ended' }), cell('b-1', { bench: 'right', silent: true }), cell('b-2', { bench: 'right', state: 'resting' }),
  ];

  it('puts the bench with the worst channel first and counts each', () => {
    const state = stateOf(cells, [alarm('b-2', 'thermal-limit', { severity: 'critical' })]);
    const { groups, tally } = new WallPlanner().plan(state, usual);
    expect(groups.map((group) => group.bench)).toEqual(['right', 'left']);
    expect(names(state, groups[0]?.keys ?? [])).toEqual(['b-2', 'b-1']);
    expect(groups[0]?.tally).toMatchObject({ channels: 2, silent: 1, resting: 1, charging: 1, alarms: [0, 1, 0, 0] });
    expect(tally).toMatchObject({ channels: 4, ended: 1, silent: 1 });
  });

  it('groups by itself only where several benches are named', () => {
    expect(new WallPlanner().plan(stateOf([cell('x'), cell('y')]), usual).groups.map((group) => group.bench)).toEqual([null]);
    expect(new WallPlanner().plan(stateOf(cells.slice(0, 2)), usual).groups).toHaveLength(1);
    expect(new WallPlanner().plan(stateOf([cell('x'), cell('y')]), { ...usual, grouped: true }).groups).toHaveLength(2);
    expect(new WallPlanner().plan(stateOf(cells), { ...usual, grouped: false }).groups).toHaveLength(1);
  });

  it('sorts by name as people count, and by age with the oldest first', () => {
    const state = stateOf([cell('c-10', { ageSeconds: 30 }), cell('c-2', { ageSeconds: 2 }), cell('c-1', { ageSeconds: null }), cell('c-3', { ageSeconds: 900, state: 'ended' })]);
    const order = (sort: WallOptions['sort']): unknown => names(state, new WallPlanner().plan(state, { ...usual, sort }).groups[0]?.keys ?? []);
    expect(order('name')).toEqual(['c-1', 'c-2', 'c-3', 'c-10']);
    expect(order('age')).toEqual(['c-1', 'c-10', 'c-2', 'c-3']);
  });

  it('filters by bench, and says how many there are', () => {
    const layout = new WallPlanner().plan(stateOf(cells), { ...usual, query: 'RIGHT' });
    expect(layout).toMatchObject({ shown: 2, total: 4 });
    expect(new WallPlanner().plan(stateOf(cells), { ...usual, query: 'nothing such' }).groups).toEqual([]);
  });

  it('gives the same layout while only readings change, and another once an alarm or a state does', () => {
    const planner = new WallPlanner();
    const state = stateOf(cells);
    const first = planner.plan(state, usual);
    const moved = reduce(state, { kind: 'cells', cells: [cell('a-1', { bench: 'left', voltageV: 4.1, surfaceC: 31 })], all: false, at: at(1) });
    expect(planner.plan(moved, usual)).toBe(first);
    const resting = reduce(moved, { kind: 'cells', cells: [cell('a-1', { bench: 'left', state: 'resting' })], all: false, at: at(2) });
    expect(planner.plan(resting, usual)).not.toBe(first);
    const hot = reduce(resting, { kind: 'alarms', alarms: [alarm('a-1', 'thermal-limit')], all: false, anew: false });
    expect(planner.plan(hot, usual).groups[0]?.tally.alarms).toEqual([0, 0, 1, 0]);
  });
});

describe('steps and shades', () => {
  it('tells a step', () => {
    expect(stepWords({ number: 14, kind: 'constantVoltageCharge', elapsedSeconds: 723.4 })).toBe('Step 14: Charge at constant voltage, 12 min 03 s so far.');
    expect([12, 723, 7300, 200_000].map((elapsedSeconds) => stepTime({ number: 1, kind: 'rest', elapsedSeconds }))).toEqual(['12 s', '12 min', '2 h', '2 d']);
    expect(stepTime(null)).toBe('');
  });

  it('shades within its bounds, and a loss of capacity darker', () => {
    expect(shadeOf('voltage', 2.5)).toBe(0);
    expect(shadeOf('voltage', 99)).toBe(shades - 1);
    expect(shadeOf('voltage', -1)).toBe(0);
    expect(shadeOf('voltage', null)).toBe(0);
    expect(shadeOf('retention', 0.72)).toBeGreaterThan(shadeOf('retention', 0.98));
  });
});
