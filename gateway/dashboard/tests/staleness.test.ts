import { describe, expect, test } from 'vitest';
import { ageAt, freshness, secondsBetween } from '../src/logic/staleness';
import { span, ZoneClock } from '../src/logic/time';
import { at } from './fixtures';

describe('age', () => {
  test('grows from what the gateway said by the time since its message', () => {
    expect(ageAt(0.4, at(10), at(12))).toBeCloseTo(2.4, 9);
  });

  test('is unknown, not 0, where no sample ever came', () => {
    expect(ageAt(null, at(10), at(12))).toBeNull();
    expect(freshness(null, false)).toBe('none');
  });

  test('counts the time a sleeping computer did not, and is not made young by a clock set back', () => {
    const slept = { monotonicMilliseconds: at(11).monotonicMilliseconds, wallMilliseconds: at(3600).wallMilliseconds };
    const setBack = { monotonicMilliseconds: at(70).monotonicMilliseconds, wallMilliseconds: at(-3600).wallMilliseconds };
    expect(secondsBetween(at(10), slept)).toBe(3590);
    expect(secondsBetween(at(10), setBack)).toBe(60);
  });
});

describe('freshness', () => {
  test.each([
    [0, 'fresh'], [9.999, 'fresh'], [10, 'fresh'], [10.001, 'aging'], [59.999, 'aging'], [60, 'aging'], [60.001, 'stale'],
  ])('%s s is %s', (age, expected) => {
    expect(freshness(age, false)).toBe(expected);
  });

  test('the word of the gateway that a channel is silent outranks a young age', () => {
    expect(freshness(1, true)).toBe('silent');
  });
});

describe('spans of time', () => {
  test.each([
    [-3, '0 s'], [0.9, '0 s'], [59.9, '59 s'], [60, '1 min 00 s'], [3599, '59 min 59 s'], [3600, '1 h 00 min'], [86_399, '23 h 59 min'], [90_000, '1 d 1 h'],
  ])('%s s is "%s"', (seconds, expected) => {
    expect(span(seconds)).toBe(expected);
  });
});

describe('times of day', () => {
  const berlin = new ZoneClock('Europe/Berlin', new Date('2025-11-21T12:00:00Z'));
  const night = Date.UTC(2025, 10, 20, 23, 30, 5) / 1000;

  test('are in the zone, on a 24-hour clock, midnight being 00', () => {
    expect(berlin.timeOfDay(night)).toBe('00:30:05');
    expect(berlin.full(night)).toBe(`2025-11-21 00:30:05 ${berlin.zoneName}`);
    expect(berlin.zoneName).toMatch(/^(CET|GMT\+1)$/);
  });

  test('name the day when it is not today', () => {
    expect(berlin.moment(night, night + 60)).toBe('00:30:05');
    expect(berlin.moment(night, night + 86_400)).toBe('2025-11-21 00:30:05');
  });
});
