import { describe, expect, test } from 'vitest';
import { againstLimit, amperes, count, dash, fixed, inUnit, percent, volts } from '../src/logic/format';

describe('numbers', () => {
  test('have a fixed number of decimals', () => {
    expect(volts(3.7)).toBe('3.7000');
    expect(fixed(1.005, 0)).toBe('1');
  });

  test('carry a true minus sign, and a current its direction', () => {
    expect(amperes(-1.5)).toBe('\u22121.500');
    expect(amperes(0.5)).toBe('+0.500');
  });

  test('never read minus or plus zero', () => {
    expect(amperes(-0.0004)).toBe('0.000');
    expect(amperes(0.0004)).toBe('0.000');
    expect(fixed(-0, 1)).toBe('0.0');
  });

  test.each([null, undefined, NaN, Infinity, -Infinity])('an absent value (%s) is a dash, never 0', (value) => {
    expect(volts(value)).toBe(dash);
    expect(percent(value)).toBe(dash);
    expect(count(value)).toBe(dash);
    expect(inUnit(value, 'V')).toBe(dash);
  });

  test('0 is a value', () => {
    expect(volts(0)).toBe('0.0000');
    expect(percent(0)).toBe('0.0');
  });

  test('long counts are grouped', () => {
    expect(count(999)).toBe('999');
    expect(count(1_234_567)).toBe('1\u202f234\u202f567');
  });
});

describe('values against limits', () => {
  test('come in the unit people read', () => {
    expect(againstLimit(0.741, 0.8, 'ratio')).toBe('74.1\u00a0%, limit 80.0\u00a0%');
    expect(againstLimit(0.677, 0.8, 'ratio', 'projectedRetention')).toBe('projected 67.7\u00a0%, limit 80.0\u00a0%');
    expect(againstLimit(46.31, 45, 'C')).toBe('46.3\u00a0°C, limit 45.0\u00a0°C');
    expect(againstLimit(0.0282, null, 'Ohm')).toBe('28.2\u00a0mΩ');
  });

  test('say what is known when half of it is not', () => {
    expect(againstLimit(null, 60, 's')).toBe('limit 60\u00a0s');
    expect(againstLimit(null, null, 'V')).toBe('');
  });

  test('an unknown unit keeps its name and four digits', () => {
    expect(againstLimit(-12.3456, 10, 'furlong')).toBe('\u221212.35\u00a0furlong, limit 10\u00a0furlong');
  });
});
