import { afterEach, describe, expect, test, vi } from 'vitest';
import { desk } from '../src/api/desk';
import { alarmKey } from '../src/logic/alarms';
import { addedSince, seenMax, seenOf, worseSince } from '../src/logic/seen';
import { alarm } from './fixtures';

const known = (...alarms: readonly ReturnType<typeof alarm>[]) => new Map(alarms.map((one) => [alarmKey(one), one]));

afterEach(() => vi.unstubAllGlobals());

describe('what was seen', () => {
  const shown = [alarm('a', 'thermal-limit', { incident: 'i' }), alarm('b', 'thermal-limit', { incident: 'i' })];

  test('a runaway that joins the incident while the note is typed is added, not seen', () => {
    const runaway = alarm('c', 'thermal-runaway', { incident: 'i', severity: 'emergency' });
    const now = known(...shown, runaway, alarm('d', 'r', { incident: 'other' }), alarm('e', 'r', { incident: 'i', state: 'acknowledged' }), alarm('f', 'r', { incident: 'i', suppressedBecause: 'x' }));
    expect(addedSince(shown, now, 'i')).toEqual([runaway]);
    expect(seenOf(shown).flat().map((one) => one.test)).toEqual(['a@1', 'b@1']);
  });

  test('what is more severe or raised anew is said', () => {
    const hot = { ...shown[0]!, severity: 'emergency' as const };
    const anew = { ...shown[1]!, raisedAt: 200 };
    expect(worseSince(shown, known(hot, anew))).toEqual([hot, anew]);
    expect(worseSince(shown, known({ ...shown[0]!, observed: 99 }, shown[1]!))).toEqual([]);
  });

  test('a flood goes in pieces that the gateway takes', () => {
    const pieces = seenOf(Array.from({ length: 3000 }, (_, i) => alarm(`a-cell-with-a-rather-long-name-${i}`, 'silence')));
    expect(pieces.flat()).toHaveLength(3000);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBe(seenMax);
    expect(Math.max(...pieces.map((piece) => JSON.stringify(piece).length))).toBeLessThan(60_000);
  });
});

test('every request says which test is meant, and acknowledging what was seen', async () => {
  const bodies: unknown[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    bodies.push(JSON.parse(String(init.body)));
    return new Response('{}');
  });
  const over = alarm('a', 'thermal-limit', { test: 'a@1', state: 'returnedUnacknowledged' });
  await desk.acknowledge(over, 'ada', 'n');
  await desk.shelve(over, 'ada', 'why', 60);
  await desk.unshelve(over, 'ada');
  await desk.reset(over, 'ada', 'n');
  await desk.acknowledgeIncident('i', 'ada', 'n', seenOf([over])[0]!);
  const seen = [{ test: 'a@1', rule: 'thermal-limit', severity: 'warning', raisedAt: 100 }];
  expect(bodies.slice(0, 4)).toEqual([
    { by: 'ada', note: 'n', seen, test: 'a@1' }, { by: 'ada', reason: 'why', seconds: 60, test: 'a@1' }, { by: 'ada', test: 'a@1' }, { by: 'ada', note: 'n', test: 'a@1' },
  ]);
  expect(bodies[4]).toEqual({ by: 'ada', note: 'n', seen });
});
