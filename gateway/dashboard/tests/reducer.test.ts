import { describe, expect, test } from 'vitest';
import { alarmKey } from '../src/logic/alarms';
import { emptyState, findCell, missingFrom, reduce, type DashboardState } from '../src/state/reducer';
import { alarm, at, cell } from './fixtures';

const loaded = (...cells: ReturnType<typeof cell>[]): DashboardState => reduce(emptyState, { kind: 'cells', cells, all: true, at: at(0) });

describe('channels', () => {
  test('the first list after a connect replaces everything; later ones change only what they name', () => {
    const first = loaded(cell('a'), cell('b'));
    const second = reduce(first, { kind: 'cells', cells: [cell('b', { voltageV: 4 })], all: false, at: at(1) });
    expect(second.cells.get('node-of-a/1')).toBe(first.cells.get('node-of-a/1'));
    expect(second.cells.get('node-of-b/1')?.cell.voltageV).toBe(4);
    expect(second.cells.get('node-of-b/1')?.arrived).toEqual(at(1));
    const third = reduce(second, { kind: 'cells', cells: [cell('a')], all: true, at: at(2) });
    expect([...third.cells.values()].map((view) => view.cell.cell)).toEqual(['a']);
  });

  test('two nodes that carry the same label are two channels, and the cell page shows the one heard of last', () => {
    const both = loaded(cell('a', { node: 'x', receivedAt: 5 }), cell('a', { node: 'y', receivedAt: 9 }), cell('b', { receivedAt: 20 }));
    expect(both.cells.size).toBe(3);
    expect(findCell(both, 'a')?.cell.node).toBe('y');
    expect(findCell(both, 'c')).toBeUndefined();
  });

  test('a message without a trend keeps the trend of the same test, and drops that of another', () => {
    const first = loaded(cell('a', { trend: [[1, 3.7], [2, 3.8]] }));
    const { trend: _, ...bare } = cell('a');
    const kept = reduce(first, { kind: 'cells', cells: [{ ...bare, voltageV: null }], all: false, at: at(1) });
    expect(kept.cells.get('node-of-a/1')?.cell.trend).toEqual([[1, 3.7], [2, 3.8]]);
    expect(reduce(first, { kind: 'cells', cells: [{ ...bare, test: 'a@2' }], all: false, at: at(1) }).cells.get('node-of-a/1')?.cell.trend).toBeNull();
  });

  test('a message without a trend adds its reading to it, and the oldest makes room', () => {
    const { trend: _, ...bare } = cell('a');
    let state = loaded(cell('a', { trend: [[1, 3.7], [2, 3.8]] }));
    const next = (time: number, voltageV: number) => {
      state = reduce(state, { kind: 'cells', cells: [{ ...bare, time, voltageV }], all: false, at: at(1) });
      return state.cells.get('node-of-a/1')?.cell.trend;
    };
    expect(next(3, 3.9)).toEqual([[1, 3.7], [2, 3.8], [3, 3.9]]);
    expect(next(3, 4)).toHaveLength(3);
    for (let time = 4; time < 100; time += 1) {
      next(time, 4);
    }
    expect(next(100, 4.1)).toHaveLength(60);
    expect(state.cells.get('node-of-a/1')?.cell.trend?.[0]).toEqual([41, 4]);
  });
});

describe('alarms', () => {
  const raised = alarm('a', 'thermal-limit');
  const seen = alarm('a', 'thermal-limit', { state: 'acknowledged', acknowledgedAt: 120, acknowledgedBy: 'R. Okafor' });
  const start = reduce(loaded(cell('a'), cell('b')), { kind: 'alarms', alarms: [raised], all: true, anew: true });

  test('an alarm inside a channel is as good as one sent by itself', () => {
    const state = loaded(cell('a', { alarms: [raised] }));
    expect(state.alarmsByCell.get('a')).toEqual([raised]);
  });

  test('no alarm seen is not no alarm there, until the list has been read', () => {
    const first = loaded(cell('a', { alarms: [raised] }));
    expect(first.alarmsKnown).toBe(false);
    expect(reduce(first, { kind: 'alarms', alarms: [], all: true, anew: true }).alarmsKnown).toBe(true);
  });

  test('the same alarm again changes nothing', () => {
    expect(reduce(start, { kind: 'alarms', alarms: [{ ...raised }], all: true, anew: false })).toBe(start);
  });

  test('a message that was overtaken does not undo an acknowledgement', () => {
    const acknowledged = reduce(start, { kind: 'alarms', alarms: [seen], all: false, anew: false });
    expect(acknowledged.alarms.get(alarmKey(raised))?.state).toBe('acknowledged');
    const late = reduce(acknowledged, { kind: 'alarms', alarms: [raised], all: false, anew: false });
    expect(late.alarms.get(alarmKey(raised))?.state).toBe('acknowledged');
  });

  test('raised again later, it waits for acknowledgement again', () => {
    const acknowledged = reduce(start, { kind: 'alarms', alarms: [{ ...seen, revision: 3 }], all: false, anew: false });
    const again = reduce(acknowledged, { kind: 'alarms', alarms: [{ ...raised, raisedAt: 500 }], all: false, anew: false });
    expect(again.alarms.get(alarmKey(raised))?.state).toBe('unacknowledged');
  });

  test('after a connect the list is believed as it is', () => {
    const acknowledged = reduce(start, { kind: 'alarms', alarms: [{ ...seen, revision: 3 }], all: false, anew: false });
    const anew = reduce(acknowledged, { kind: 'alarms', alarms: [raised], all: true, anew: true });
    expect(anew.alarms.get(alarmKey(raised))?.state).toBe('unacknowledged');
    expect(reduce(anew, { kind: 'alarms', alarms: [], all: true, anew: true }).alarmsByCell.get('a')).toEqual([]);
  });

  test('the same rule in an earlier test of the cell is another alarm', () => {
    const both = reduce(start, { kind: 'alarms', alarms: [{ ...raised, test: 'a@0' }], all: false, anew: false });
    expect(both.alarmsByCell.get('a')).toHaveLength(2);
  });

  test('only the groups of touched cells are made anew', () => {
    const both = reduce(start, { kind: 'alarms', alarms: [alarm('b', 'silence')], all: false, anew: false });
    expect(both.alarmsByCell.get('a')).toBe(start.alarmsByCell.get('a'));
    expect(both.alarmsByCell.get('b')).toHaveLength(1);
  });

  test('an active alarm that its channel no longer lists is noticed', () => {
    expect(missingFrom(start, [cell('a', { alarms: [] })])).toBe(true);
    expect(missingFrom(start, [cell('a', { alarms: [raised] })])).toBe(false);
    expect(missingFrom(start, [cell('b', { alarms: [] })])).toBe(false);
    expect(missingFrom(start, [cell('a', { test: 'a@2', alarms: [] })])).toBe(false);
  });
});

describe('connection', () => {
  test('is lost since the first failure, keeps the time of the last message, and comes back with the next one', () => {
    const live = reduce(loaded(cell('a')), { kind: 'alive', at: at(5) });
    expect(live.link.kind).toBe('live');
    const lost = reduce(live, { kind: 'lost', attempt: 1, retryAt: at(8), at: at(7) });
    expect(lost.link).toEqual({ kind: 'lost', lastHeard: at(5), since: at(7), attempt: 1, retryAt: at(8) });
    expect(lost.cells).toBe(live.cells);
    const still = reduce(lost, { kind: 'lost', attempt: 2, retryAt: null, at: at(20) });
    expect(still.link).toMatchObject({ since: at(7), attempt: 2, lastHeard: at(5) });
    const back = reduce(still, { kind: 'hello', hello: { serverTime: 1, version: '1' }, at: at(21) });
    expect(back.link).toEqual({ kind: 'live', since: at(21) });
  });
});
