import { describe, expect, test } from 'vitest';
import { preciseTime } from '../src/history/readout';

describe('a time to the millisecond', () => {
  test.each([[1_795_789_823.999_999_9, '.000'], [1_795_789_823.1, '.100'], [1_795_789_823.000_999, '.000'], [1_795_789_823, '.000']])('%s ends with %s', (seconds, end) => {
    expect(preciseTime(seconds)).toMatch(new RegExp(`:\\d\\d\\${end}$`));
  });
});
