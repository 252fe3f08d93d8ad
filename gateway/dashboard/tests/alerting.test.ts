import { describe, expect, test } from 'vitest';
import type { Alarm } from '../src/api/types';
import { freshMemory, lostSeconds, quietSeconds, raisingOf, repeatSeconds, step, type AlertInput, type AlertMemory, type AlertStep, type Notice } from '../src/logic/alerting';
import { alarm } from './fixtures';

const emergency = (owner: string, change: Partial<Alarm> = {}): Alarm => alarm(owner, 'thermal-runaway', { severity: 'emergency', ...change });

const input = (now: number, alarms: readonly Alarm[], change: Partial<AlertInput> = {}): AlertInput => ({ now, alarms, known: true, silentSeconds: 1, from: 'low', mute: null, ...change });

/** Steps one after the other, each with what is known then; the last one's outcome. */
function run(...inputs: readonly AlertInput[]): AlertStep {
  let memory: AlertMemory = freshMemory;
  let last: AlertStep | undefined;
  for (const one of inputs) {
    last = step(memory, one);
    memory = last.memory;
  }
  return last as AlertStep;
}

/** Every notification of steps one after the other. */
function noticesDuring(...inputs: readonly AlertInput[]): Notice[] {
  let memory: AlertMemory = freshMemory;
  return inputs.flatMap((one) => {
    const next = step(memory, one);
    memory = next.memory;
    return next.notices;
  });
}

describe('sound', () => {
  test('what was there before the page is not news, but an emergency calls all the same', () => {
    expect(run(input(0, [alarm('a', 'r')])).sounds).toEqual([]);
    expect(run(input(0, [emergency('a')])).sounds).toEqual(['emergency']);
  });

  test('only the gravest of what is new is heard, once', () => {
    const news = [alarm('a', 'r'), alarm('b', 'r', { severity: 'critical' }), alarm('c', 'r', { severity: 'advisory' })];
    expect(run(input(0, []), input(1, news)).sounds).toEqual(['high']);
    expect(run(input(0, []), input(1, news), input(60, news)).sounds).toEqual([]);
  });

  test('an emergency sounds again until it is acknowledged, also when it is over', () => {
    expect(run(input(0, []), input(1, [emergency('a')]), input(1 + repeatSeconds - 0.1, [emergency('a')])).sounds).toEqual([]);
    expect(run(input(0, []), input(1, [emergency('a')]), input(1 + repeatSeconds, [emergency('a', { state: 'returnedUnacknowledged' })])).sounds).toEqual(['emergency']);
    expect(run(input(0, []), input(1, [emergency('a')]), input(9, [emergency('a', { state: 'acknowledged' })])).sounds).toEqual([]);
  });

  test('a mute holds for what sounded then; a new emergency sounds all the same', () => {
    const mute = { until: 300, of: new Set([raisingOf(emergency('a'))]) };
    expect(run(input(0, []), input(1, [emergency('a')]), input(9, [emergency('a'), alarm('b', 'r')], { mute })).sounds).toEqual([]);
    expect(run(input(0, []), input(1, [emergency('a')]), input(9, [emergency('a'), emergency('b')], { mute })).sounds).toEqual(['emergency']);
    expect(run(input(0, []), input(1, [emergency('a')]), input(9, [emergency('a', { raisedAt: 500 })], { mute })).sounds).toEqual(['emergency']);
    expect(run(input(0, []), input(1, [emergency('a')]), input(301, [emergency('a')], { mute })).sounds).toEqual(['emergency']);
  });

  test('shelved, suppressed and too low ones are not heard', () => {
    const aside = [emergency('a', { shelf: { since: 0, until: 99, by: 'x', reason: 'y' } }), emergency('b', { suppressedBecause: 'no test' })];
    expect(run(input(0, []), input(1, aside))).toMatchObject({ sounds: [], notices: [], emergencies: [] });
    expect(run(input(0, []), input(1, [alarm('a', 'r')], { from: 'high' }))).toMatchObject({ sounds: [], notices: [] });
  });

  test('what comes back from the shelf, and what gets worse, is heard again', () => {
    const shelf = { since: 0, until: 5, by: 'x', reason: 'y' };
    expect(run(input(0, [alarm('a', 'r')]), input(1, [alarm('a', 'r', { shelf })]), input(6, [alarm('a', 'r')])).sounds).toEqual(['medium']);
    expect(run(input(0, [alarm('a', 'r')]), input(6, [alarm('a', 'r', { severity: 'critical' })])).sounds).toEqual(['high']);
  });

  test('before the list of alarms is read nothing is news', () => {
    expect(run(input(0, [], { known: false }), input(1, [alarm('a', 'r')])).sounds).toEqual([]);
  });

  test('a flood is not a noise', () => {
    const inputs = Array.from({ length: 11 }, (_, n) => input(n / 10, Array.from({ length: n }, (__, i) => alarm(`c${i}`, 'r'))));
    let memory: AlertMemory = freshMemory;
    const heard = inputs.flatMap((one) => {
      const next = step(memory, one);
      memory = next.memory;
      return next.sounds;
    });
    expect(heard).toEqual(['medium']);
  });
});

describe('a lost connection', () => {
  test('sounds, says so, repeats, and its return is heard', () => {
    const gone = { silentSeconds: lostSeconds };
    expect(run(input(0, [], { silentSeconds: lostSeconds - 1 })).sounds).toEqual([]);
    expect(run(input(0, []), input(20, [], gone))).toMatchObject({ sounds: ['lost'], lost: true, notices: [{ tag: 'connection', alarm: null }] });
    expect(run(input(0, []), input(20, [], gone), input(21, [], gone))).toMatchObject({ sounds: [], notices: [] });
    expect(run(input(0, []), input(20, [], gone), input(50, [], gone)).sounds).toEqual(['lost']);
    expect(run(input(0, []), input(20, [], gone), input(60, []))).toMatchObject({ sounds: ['back'], withdrawn: ['connection'], lost: false });
  });

  test('hides no alarm: what was raised meanwhile is news afterwards', () => {
    const gone = { silentSeconds: 40 };
    expect(run(input(0, []), input(40, [], gone), input(60, [alarm('a', 'r', { severity: 'critical' })]))).toMatchObject({ sounds: ['high', 'back'], notices: [{ tag: 'a/r' }] });
  });
});

describe('notifications', () => {
  const burst = (count: number, change: Partial<Alarm> = {}): Alarm[] => Array.from({ length: count }, (_, i) => alarm(`c${i}`, 'silence', { incident: 'i', ...change }));

  test('are one for an incident, however many alarms it has', () => {
    expect(run(input(0, []), input(1, burst(500))).notices).toMatchObject([{ tag: 'i', body: expect.stringContaining('500 alarms') }]);
    expect(run(input(0, []), input(1, burst(3)), input(2, burst(500))).notices).toEqual([]);
  });

  test('come again when the incident gets worse', () => {
    expect(run(input(0, []), input(1, burst(3)), input(2, [...burst(3), emergency('x', { incident: 'i' })])).notices).toMatchObject([{ tag: 'i', title: 'Emergency: x, Thermal runaway', stays: true }]);
  });

  test('of many incidents at once are one', () => {
    expect(run(input(0, []), input(1, Array.from({ length: 9 }, (_, i) => alarm(`c${i}`, 'r')))).notices).toMatchObject([{ title: '9 new incidents. Medium: c0, R' }]);
  });

  test('are taken back when nothing of it asks any more', () => {
    const over = run(input(0, []), input(1, burst(2)), input(2, burst(2, { state: 'acknowledged' })));
    expect(over).toMatchObject({ withdrawn: ['i'], notices: [] });
    expect(step(over.memory, input(3, burst(2, { raisedAt: 500 }))).notices).toHaveLength(1);
  });

  test('of a flood that comes one by one are one, since by then it is one incident', () => {
    const flood = Array.from({ length: 500 }, (_, n) => {
      const bench = (i: number): string => (n < 2 ? `i${i}` : 'i0');
      return input(1 + n / 500, Array.from({ length: n + 1 }, (__, i) => alarm(`c${i}`, 'r', { severity: 'critical', incident: bench(i) })));
    });
    expect(noticesDuring(input(0, []), ...flood, input(9, flood.at(-1)?.alarms as Alarm[]))).toMatchObject([{ tag: 'i0', stays: true }]);
  });

  test('keep their distance and none is left out; an emergency waits for nothing', () => {
    const [a, b, c] = [alarm('a', 'r'), alarm('b', 'r'), emergency('c')] as [Alarm, Alarm, Alarm];
    expect(run(input(0, []), input(1, [a]), input(1 + quietSeconds - 0.1, [a, b])).notices).toEqual([]);
    expect(run(input(0, []), input(1, [a]), input(1.5, [a, b]), input(1.6, [a, b, c])).notices).toMatchObject([{ tag: 'c/thermal-runaway' }]);
    expect(noticesDuring(input(0, []), input(1, [a]), input(1.5, [a, b]), input(1 + quietSeconds, [a, b]), input(9, [a, b]))).toMatchObject([{ tag: 'a/r' }, { tag: 'b/r' }]);
    expect(noticesDuring(input(0, []), input(1, [a]), input(1.5, [a, b]), input(2, [a, { ...b, state: 'acknowledged' }]), input(9, [a]))).toMatchObject([{ tag: 'a/r' }]);
  });

  test('are not made anew when an alarm only learns its incident', () => {
    expect(run(input(0, []), input(1, [alarm('a', 'r')]), input(2, [alarm('a', 'r', { incident: 'i' })]))).toMatchObject({ notices: [], sounds: [] });
  });
});
