import { describe, expect, test } from 'vitest';
import type { Samples } from '../src/api/types';
import { compose, gapLimit, grainIn, nearest } from '../src/history/compose';
import { columnOf } from '../src/history/columns';
import { clusters, eventsOf, gapReason, shownEvents, type TimelineEvent } from '../src/history/events';
import { historyTable } from '../src/history/save';
import { intervalSeconds, isFresh, levelFor, mostTiles, TileCache, tileSeconds, tilesOf, toPiece, type Tile, type TileId } from '../src/history/tiles';
import { afterKey, lengthWords, rangeOf, within, zoomed } from '../src/history/view';

const columns = ['time', 'voltageV', 'currentA', 'surfaceC', 'infraredC', 'ambientC'];
const row = (time: number, volts: number | null): (number | null)[] => [time, volts, 0.5, 25, null, 24];
const samples = (rows: (number | null)[][], interval: number | null, from = 0, to = 8): Samples => ({ cell: 'a', test: 't', from, to, intervalSeconds: interval, missing: null, columns, rows });
const tile = (id: TileId, answer: Samples, knownUntil = 1e9, readAt = 0): Tile => {
  const from = id.index * tileSeconds(id.level);
  return { id, piece: toPiece(answer, from, from + tileSeconds(id.level)), knownUntil, readAtMilliseconds: readAt };
};
const whole = { from: 1000, to: 5000 };

describe('levels and tiles', () => {
  test.each([[1, 1000, 0], [60, 1000, 2], [600, 1000, 5], [3600, 1000, 8], [2_600_000, 1000, 17], [1e12, 10, 26]])('%s s on %s pixels are level %s', (span, pixels, level) => {
    expect(levelFor(span, pixels)).toBe(level);
    const pixelsPerInterval = intervalSeconds(level) / (span / pixels);
    if (level > 0 && level < 26) {
      expect(pixelsPerInterval).toBeGreaterThan(0.75);
      expect(pixelsPerInterval).toBeLessThanOrEqual(1.5);
    }
  });

  test('tiles of a level meet without overlap and the next level holds two of them', () => {
    expect(tilesOf(0, 7.9, 16)).toEqual([{ level: 0, index: 0 }, { level: 0, index: 1 }, { level: 0, index: 2 }]);
    expect(tileSeconds(1)).toBe(2 * tileSeconds(0));
  });

  test('two rows of an interval become its lowest and highest value', () => {
    const piece = toPiece(samples([row(0.01, 3.9), row(0.9, 3.1), row(1, 3.2), row(2, 3.3), row(2.9, null)], 1), 0, 8);
    expect([...piece.columns.voltageV.low]).toEqual([3.1, 3.2, 3.3]);
    expect([...piece.columns.voltageV.high]).toEqual([3.9, 3.2, 3.3]);
    expect([...piece.first]).toEqual([0.01, 1, 2]);
    expect([...piece.last]).toEqual([0.9, 1, 2.9]);
    expect(piece.columns.infraredC.low.every(Number.isNaN)).toBe(true);
  });

  test('samples as measured stay one by one', () => {
    const piece = toPiece(samples([row(1, 3), row(1.1, 3.1)], null), 0, 8);
    expect([...piece.time]).toEqual([1, 1.1]);
    expect(piece.columns.voltageV.low).toEqual(piece.columns.voltageV.high);
  });

  test('the cache keeps what was used last, a bounded number', () => {
    const cache = new TileCache();
    for (let index = 0; index < mostTiles; index += 1) {
      cache.put(tile({ level: 3, index }, samples([], null)));
    }
    cache.get({ level: 3, index: 0 });
    cache.put(tile({ level: 3, index: mostTiles }, samples([], null)));
    expect(cache.size).toBe(mostTiles);
    expect(cache.get({ level: 3, index: 0 })).toBeDefined();
    expect(cache.get({ level: 3, index: 1 })).toBeUndefined();
  });

  test('a coarser tile with every sample saves asking for the finer one, a thinned one does not', () => {
    const cache = new TileCache();
    cache.put(tile({ level: 4, index: 0 }, samples([row(1, 3)], null)));
    expect(cache.holds({ level: 2, index: 1 }, 10, 100)).toBe(true);
    cache.put(tile({ level: 4, index: 1 }, samples([row(130, 3)], 0.25, 128, 256)));
    expect(cache.holds({ level: 3, index: 2 }, 10, 100)).toBe(false);
  });

  test('a tile at the live edge is read again when newer samples are known, a settled one only after long', () => {
    const edge = tile({ level: 0, index: 0 }, samples([], null), 5, 0);
    expect(isFresh(edge, 5, 5000)).toBe(true);
    expect(isFresh(edge, 6, 5000)).toBe(false);
    const settled = tile({ level: 0, index: 0 }, samples([], null), 100, 0);
    expect(isFresh(settled, 200, 5000)).toBe(true);
    expect(isFresh(settled, 200, 500_000)).toBe(false);
  });
});

describe('what is drawn', () => {
  test('coarse data stand in at once, and the finer tile takes their place', () => {
    const cache = new TileCache();
    const tiles = tilesOf(0, 0, 7);
    const outline = toPiece(samples([row(1, 3.5), row(3, 3.9), row(5, 3.6), row(7, 3.4)], 4), 0, 8);
    const before = compose(tiles, cache, outline, tileSeconds);
    expect(grainIn(before, 0, 8)).toMatchObject({ interval: 4, isStandIn: true });
    expect(before.low.voltageV).toEqual([3.5, 3.4]);
    cache.put(tile({ level: 0, index: 0 }, samples([row(1, 3.5), row(2, 3.6), row(3, 3.9)], null)));
    const after = compose(tiles, cache, outline, tileSeconds);
    expect(grainIn(after, 0, 8)).toMatchObject({ interval: null, isStandIn: false });
    expect(after.low.voltageV).toEqual([3.5, 3.6, 3.9]);
  });

  test('only what is in the range counts for how finely it is shown', () => {
    const cache = new TileCache();
    cache.put(tile({ level: 0, index: 0 }, samples([row(1, 3.5)], null)));
    cache.put(tile({ level: 0, index: 1 }, samples([row(9, 3.5)], 2, 8, 16)));
    const composed = compose([{ level: 0, index: 0 }, { level: 0, index: 1 }], cache, null, tileSeconds);
    expect(grainIn(composed, 1, 7).interval).toBeNull();
    expect(grainIn(composed, 1, 9).interval).toBe(2);
  });

  test('a gap breaks the line and is told, an ordinary interval does not', () => {
    const cache = new TileCache();
    cache.put(tile({ level: 3, index: 0 }, samples([row(1, 3), row(2, 3.1), row(3, 3.2), row(33, 3.3), row(34, 3.4)], null)));
    const composed = compose([{ level: 3, index: 0 }], cache, null, tileSeconds);
    expect(composed.gaps).toEqual([{ from: 3, to: 33 }]);
    expect(composed.low.voltageV).toEqual([3, 3.1, 3.2, null, 3.3, 3.4]);
    expect(nearest(composed, 17)).toBe(2);
    expect(nearest(composed, 19)).toBe(4);
  });

  test.each([[1, null, 5], [0.1, null, 1], [30, null, 150], [200, null, 600], [1, 64, 160]])('every %s s in intervals of %s s: a gap is longer than %s s', (usual, interval, limit) => {
    expect(gapLimit(usual, interval)).toBe(limit);
  });

  test('a column reaches to the one before it, so that a step is no hole', () => {
    expect(columnOf(10, 20, null, 2)).toEqual({ top: 10, bottom: 20 });
    expect(columnOf(10, 20, { top: 30, bottom: 40 }, 2)).toEqual({ top: 10, bottom: 30 });
    expect(columnOf(30, 40, { top: 10, bottom: 20 }, 2)).toEqual({ top: 20, bottom: 40 });
    expect(columnOf(15, 15, null, 2)).toEqual({ top: 14, bottom: 16 });
  });

  test('an absent reading is absent, not a gap', () => {
    const cache = new TileCache();
    cache.put(tile({ level: 0, index: 0 }, samples([row(1, 3), row(2, null), row(3, 3.2)], null)));
    const composed = compose([{ level: 0, index: 0 }], cache, null, tileSeconds);
    expect(composed.gaps).toEqual([]);
    expect(composed.low.voltageV).toEqual([3, null, 3.2]);
  });

  test('the file has what is shown with every digit and units in its head', () => {
    const cache = new TileCache();
    cache.put(tile({ level: 0, index: 0 }, samples([row(1.000001, 3.123456789), row(2, 3.1), row(3, 3.2)], null)));
    const composed = compose([{ level: 0, index: 0 }], cache, null, tileSeconds);
    const table = historyTable(composed, { from: 0, to: 2.5 }, true);
    expect(table.columns.slice(0, 4)).toEqual(['time (Unix s)', 'time (UTC)', 'voltage (V)', 'current (A; positive charges)']);
    expect(table.rows).toEqual([[1.000001, '1970-01-01T00:00:01.000Z', 3.123456789, 0.5, 25, null, 24], [2, '1970-01-01T00:00:02.000Z', 3.1, 0.5, 25, null, 24]]);
  });
});

describe('the range', () => {
  test('follows the newest sample until it is moved', () => {
    expect(rangeOf({ kind: 'live', span: 100 }, whole)).toEqual({ from: 4900, to: 5002 });
    expect(rangeOf({ kind: 'live', span: null }, whole)).toEqual({ from: 1000, to: 5080 });
    expect(rangeOf({ kind: 'fixed', range: { from: 1, to: 2 } }, whole)).toEqual({ from: 1, to: 2 });
  });

  test('zooming keeps the time under the cursor where it is', () => {
    expect(zoomed({ from: 2000, to: 3000 }, 0.5, 2250, whole)).toEqual({ from: 2125, to: 2625 });
  });

  test('neither shorter than half a second, nor wider than the test, nor away from it', () => {
    expect(zoomed({ from: 2000, to: 2001 }, 0.01, 2000.5, whole)).toEqual({ from: 2000.25, to: 2000.75 });
    expect(zoomed({ from: 2000, to: 3000 }, 100, 2500, whole)).toEqual({ from: 300, to: 4700 });
    expect(within({ from: 90_000, to: 91_000 }, whole)).toEqual({ from: 4900, to: 5900 });
  });

  test.each([
    ['ArrowLeft', false, { from: 1900, to: 2900 }], ['ArrowRight', true, { from: 2500, to: 3500 }], ['+', false, { from: 2250, to: 2750 }],
    ['-', false, { from: 1500, to: 3500 }], ['Home', false, { from: 1000, to: 2000 }], ['End', false, { from: 4000, to: 5000 }],
  ])('%s', (key, shift, range) => {
    expect(afterKey(key, shift, { from: 2000, to: 3000 }, whole)).toEqual(range);
  });

  test('other keys are left to the page', () => {
    expect(afterKey('Tab', false, { from: 2000, to: 3000 }, whole)).toBeNull();
  });

  test.each([[0.25, '0.25 s'], [12, '12 s'], [120, '2 min'], [5400, '90 min'], [7200, '2 h'], [2_600_000, '30 d']])('%s s is %s', (seconds, words) => {
    expect(lengthWords(seconds)).toBe(words);
  });
});

describe('events', () => {
  const finding = { id: 'x@1', time: 50, cycle: 1, rule: 'soft-short', severity: 'critical' as const, measure: '', observed: null, limit: null, unit: '', message: 'm', cleared: 70 };
  const change = { at: 52, cell: 'a', test: 't', rule: 'soft-short', from: 'normal', to: 'unacknowledged', by: null, note: null, reason: null };
  const none = { findings: [], changes: [], boots: [], steps: [], cycles: [] };
  const named = (rule: string): string => rule;

  test('a raised alarm is its finding; its acknowledgement is told with who and why', () => {
    const events = eventsOf({ ...none, findings: [finding], changes: [change, { ...change, at: 60, from: 'unacknowledged', to: 'acknowledged', by: 'Ada', note: 'seen' }] }, named);
    expect(events.map(({ time, title, detail }) => [time, title, detail])).toEqual([[50, 'soft-short', 'm'], [60, 'soft-short acknowledged by Ada', 'seen'], [70, 'soft-short cleared', '']]);
  });

  test('the first start of a node is the beginning of the test and no event', () => {
    const boots = [{ boot: '1', start: 0, end: 10 }, { boot: '2', start: 40, end: 90 }];
    expect(eventsOf({ ...none, boots }, named)).toHaveLength(1);
    expect(gapReason({ from: 10, to: 40 }, boots, [])).toBe('the node was off and started anew');
    expect(gapReason({ from: 50, to: 60 }, boots, [])).toBe('no samples are stored');
  });

  test('steps are told one by one only while there are few', () => {
    const steps = Array.from({ length: 100 }, (_, index) => ({ index, cycle: 1, kind: 'rest' as const, mode: null, start: index, end: index + 1, meanCurrentA: 0 }));
    const events = eventsOf({ ...none, steps }, named);
    expect(shownEvents(events, { from: 0, to: 10 }).steps).toHaveLength(11);
    expect(shownEvents(events, { from: 0, to: 99 })).toMatchObject({ steps: [], leftOut: '100 steps' });
  });

  test('events that would overlap stand together, the most severe first', () => {
    const event = (time: number, severity: TimelineEvent['severity']): TimelineEvent => ({ key: String(time), time, kind: 'finding', severity, title: '', detail: '' });
    const together = clusters([event(10, null), event(11, 'emergency'), event(50, 'warning')], { from: 0, to: 100 }, 1000);
    expect(together.map((cluster) => cluster.events.map(({ severity }) => severity))).toEqual([['emergency', null], ['warning']]);
    expect(together.map(({ at }) => at)).toEqual([0.1, 0.5]);
  });
});
