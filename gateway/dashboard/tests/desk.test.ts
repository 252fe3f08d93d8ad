import { describe, expect, test } from 'vitest';
import type { Incident, Transition } from '../src/api/desk-types';
import { countUnacknowledged } from '../src/logic/alarms';
import { filterOf, noFilter, readFilter, writeFilter } from '../src/logic/alarm-filter';
import { asksForSomebody, casesOf } from '../src/logic/cases';
import { joinRecord, type ReadRecord } from '../src/logic/record';
import { settle } from '../src/logic/settle';
import { longestShelf, secondsUntilTomorrowAtEight, shelfPresets } from '../src/logic/shelving';
import { emptyState, reduce } from '../src/state/reducer';
import { alarm } from './fixtures';

const none = new Map<string, string>();
const benches = new Map([['a', 'east'], ['b', 'west'], ['c', 'west']]);
const shelf = { since: 100, until: 900, by: 'R. Okafor', reason: 'known' };

const incident = (name: string, change: Partial<Incident> = {}): Incident => ({
  incident: name, state: 'open', priority: 'medium', openedAt: 50, closedAt: null, bench: 'west', benches: ['west'], cells: 2, alarmCount: 2, unacknowledged: 2,
  firstOut: null, alarms: [], escalation: 0, acknowledgedBy: [], ...change,
});

describe('cases', () => {
  test('a flood of one incident is one case that counts every alarm', () => {
    const alarms = Array.from({ length: 500 }, (_, i) => alarm(`c${i}`, 'silence', { incident: 'flood', raisedAt: 100 + i, onset: 90 - i }));
    const cases = casesOf(alarms, new Map(), none);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ alarmCount: 500, cellCount: 500, unacknowledged: 500, openedAt: 100 });
    expect(cases[0]?.firstOut.cell).toBe('c499');
  });

  test('the gravest alarm is the head, whichever came first', () => {
    const [one] = casesOf([alarm('a', 'silence', { incident: 'i', onset: 10 }), alarm('b', 'thermal-runaway', { incident: 'i', onset: 20, severity: 'emergency' })], new Map(), benches);
    expect(one).toMatchObject({ priority: 'emergency', head: { cell: 'b' }, firstOut: { cell: 'a' }, benches: ['east', 'west'] });
  });

  test('an emergency that is over and unseen stays the head', () => {
    const [one] = casesOf([alarm('a', 'silence', { incident: 'i' }), alarm('a', 'thermal-runaway', { incident: 'i', severity: 'emergency', state: 'returnedUnacknowledged', clearedAt: 200 })], new Map(), none);
    expect(one?.head.rule).toBe('thermal-runaway');
  });

  test('unseen before seen, then priority, then newest; an emergency never sinks', () => {
    const seen = { state: 'acknowledged', acknowledgedAt: 300, acknowledgedBy: 'x' } as const;
    const cases = casesOf([
      alarm('seen-high', 'r', { severity: 'critical', ...seen }), alarm('old', 'r'), alarm('new', 'r', { raisedAt: 500 }), alarm('low', 'r', { severity: 'advisory' }),
      alarm('burning-seen', 'r', { severity: 'emergency', ...seen }), alarm('burning', 'r', { severity: 'emergency' }),
    ], new Map(), none);
    expect(cases.map((one) => one.head.cell)).toEqual(['burning', 'burning-seen', 'new', 'old', 'low', 'seen-high']);
  });

  test('what is shelved or suppressed makes no case and asks for nobody', () => {
    const aside = [alarm('a', 'r', { shelf }), alarm('b', 'r', { suppressedBecause: 'not in test' }), alarm('c', 'r', { state: 'normal' })];
    expect(casesOf(aside, new Map(), none)).toEqual([]);
    expect(aside.filter(asksForSomebody)).toEqual([]);
    expect(countUnacknowledged(aside).warning).toBe(0);
  });

  test('where the gateway counts more alarms than are known here, its count holds', () => {
    const known = [alarm('a', 'r', { incident: 'i', state: 'acknowledged', acknowledgedAt: 1 })];
    const [one] = casesOf(known, new Map([['i', incident('i', { alarmCount: 3000, unacknowledged: 2999, cells: 2500 })]]), none);
    expect(one).toMatchObject({ alarmCount: 3000, unacknowledged: 2999, cellCount: 2500 });
    const [all] = casesOf(known, new Map([['i', incident('i', { alarmCount: 1, unacknowledged: 1, cells: 1 })]]), none);
    expect(all).toMatchObject({ unacknowledged: 0, cellCount: 1 });
  });
});

describe('incidents', () => {
  test('come, change and go with what the gateway says', () => {
    const first = reduce(emptyState, { kind: 'incidents', incidents: [incident('a'), incident('b')], all: true });
    const then = reduce(first, { kind: 'incidents', incidents: [incident('a', { state: 'closed' }), incident('c')], all: false });
    expect([...then.incidents.keys()]).toEqual(['b', 'c']);
    expect([...reduce(then, { kind: 'incidents', incidents: [incident('d')], all: true }).incidents.keys()]).toEqual(['d']);
  });

  test('a shelf, an incident and an escalation are news', () => {
    const known = reduce(emptyState, { kind: 'alarms', alarms: [alarm('a', 'r')], all: true, anew: true });
    for (const change of [{ shelf }, { suppressedBecause: 'no test' }, { incident: 'i' }, { escalation: 1 }]) {
      const next = reduce(known, { kind: 'alarms', alarms: [alarm('a', 'r', change)], all: false, anew: false });
      expect([...next.alarms.values()][0]).toMatchObject(change);
    }
  });
});

describe('filter', () => {
  test('is the same after the address', () => {
    const filter = { ...noFilter, priorities: ['emergency', 'low'] as const, bench: 'west', rule: 'silence', state: 'over' as const, search: 'a b&c' };
    expect(readFilter(new URLSearchParams(writeFilter(filter, { view: 'list' })))).toEqual(filter);
    expect(writeFilter(noFilter)).toBe('');
    expect(readFilter(new URLSearchParams('priority=none&state=nonsense'))).toEqual(noFilter);
  });

  test.each([
    [{}, ['a', 'b', 'd']], [{ bench: 'west' }, ['b']], [{ cell: 'a' }, ['a']], [{ priorities: ['high'] as const }, ['b']], [{ state: 'all' as const }, ['a', 'b', 'c', 'd']],
    [{ state: 'acknowledged' as const }, ['b']], [{ state: 'shelved' as const }, ['d']], [{ search: 'temperature WEST' }, ['b']], [{ search: 'fan' }, ['b']], [{ rule: 'none' }, []],
  ])('%o finds %o', (change, found) => {
    const passes = filterOf({ ...noFilter, ...change }, benches);
    const alarms = [alarm('a', 'silence'), alarm('b', 'thermal-limit', { severity: 'critical', state: 'acknowledged', note: 'fan restarted' }), alarm('c', 'silence', { state: 'normal' }), alarm('d', 'other', { shelf, severity: 'advisory' })];
    expect(alarms.filter(passes).map((one) => one.cell)).toEqual(found);
  });
});

describe('a held list', () => {
  const keyOf = (text: string): string => text.slice(0, 1);
  const rows = (items: readonly string[]) => settle([], items, keyOf, false).rows;

  test('keeps places, updates in place, marks what went and lets nothing in', () => {
    const held = settle(rows(['a1', 'b1', 'c1']), ['d1', 'c2', 'a1'], keyOf, true);
    expect(held.rows.map((row) => `${row.item}${row.gone ? ' gone' : ''}`)).toEqual(['a1', 'b1 gone', 'c2']);
    expect(held.waiting).toEqual(['d1']);
  });

  test('is the list as it is when let go, or when it was empty', () => {
    expect(settle(rows(['a1']), ['b1', 'a1'], keyOf, false)).toEqual({ rows: rows(['b1', 'a1']), waiting: [] });
    expect(settle([], ['b1'], keyOf, true).rows).toHaveLength(1);
  });
});

describe('the record', () => {
  const line = (id: number): Transition => ({ id, at: id, cell: 'a', test: null, rule: 'r', from: 'normal', to: 'unacknowledged', by: null, note: null, reason: 'raised' });
  const ids = (...of: readonly (readonly [number | null, readonly number[]])[]): string => {
    const read = of.reduce<ReadRecord>((known, [before, lines]) => joinRecord(known, 'x', before, lines.map(line), 3), { about: '', lines: [], ended: false });
    return `${read.lines.map((one) => one.id).join(' ')}${read.ended ? ' end' : ''}`;
  };

  test('is one list of pages without a gap, each line once', () => {
    expect(ids([null, [9, 8, 7]])).toBe('9 8 7');
    expect(ids([null, [9, 8, 7]], [7, [6, 5]])).toBe('9 8 7 6 5 end');
    expect(ids([null, [9, 8, 7]], [null, [10, 9, 8]])).toBe('10 9 8 7');
    expect(ids([null, [2, 1]], [null, [3, 2, 1]])).toBe('3 2 1 end');
    expect(ids([null, [2, 1]])).toBe('2 1 end');
  });

  test('begins anew where the news do not reach what is known, and for another question', () => {
    expect(ids([null, [9, 8, 7]], [7, [6]], [null, [40, 39, 38]])).toBe('40 39 38');
    expect(joinRecord({ about: 'x', lines: [line(9)], ended: true }, 'y', null, [line(3)], 3).lines.map((one) => one.id)).toEqual([3]);
  });
});

describe('shelf', () => {
  test('an emergency stays away 15 minutes at most, also among others', () => {
    expect(longestShelf([alarm('a', 'r'), alarm('b', 'r', { severity: 'emergency' })])).toBe(900);
    expect(longestShelf([alarm('a', 'r')])).toBe(604_800);
    const presets = shelfPresets([alarm('b', 'r', { severity: 'emergency' })], new Date(2026, 10, 27, 14, 0, 0));
    expect(presets.map((preset) => preset.allowed)).toEqual([true, false, false, false]);
  });

  test('tomorrow at eight is the next day, also just after midnight', () => {
    expect(secondsUntilTomorrowAtEight(new Date(2026, 10, 27, 14, 0, 0))).toBe(18 * 3600);
    expect(secondsUntilTomorrowAtEight(new Date(2026, 10, 27, 0, 0, 1))).toBe(32 * 3600 - 1);
  });
});
