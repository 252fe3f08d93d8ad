import { describe, expect, test } from 'vitest';
import { retryDelayMilliseconds } from '../src/state/backoff';
import { parseRoute } from '../src/state/route';
import { eventLengthMax, EventStreamParser, type StreamEvent } from '../src/state/sse';

const text = ': alive\n\nid: 7\nevent: cells\ndata: [1,\ndata: 2]\n\nevent: hello\r\ndata: {"a":"\u00b0C"}\r\n\r\ndata:bare\n\n: x\nevent: lonely\n\n';
const expected: StreamEvent[] = [
  { event: 'cells', data: '[1,\n2]', id: '7' },
  { event: 'hello', data: '{"a":"\u00b0C"}', id: '7' },
  { event: 'message', data: 'bare', id: '7' },
];

describe('event stream', () => {
  test('is read the same in whatever pieces it comes', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const seen: StreamEvent[] = [];
      const parser = new EventStreamParser((event) => seen.push(event));
      for (let start = 0; start < text.length; start += size) {
        parser.push(text.slice(start, start + size));
      }
      expect(seen, `pieces of ${size}`).toEqual(expected);
    }
  });

  test('an unfinished event is not delivered', () => {
    const seen: StreamEvent[] = [];
    new EventStreamParser((event) => seen.push(event)).push('data: half\n');
    expect(seen).toEqual([]);
  });

  test('a line without end is refused instead of filling the memory', () => {
    const parser = new EventStreamParser(() => {});
    parser.push('data: ');
    parser.push('x'.repeat(eventLengthMax - 6));
    expect(() => parser.push('x')).toThrow(RangeError);
  });
});

describe('back-off', () => {
  test('doubles from half a second to its ceiling, spread by chance over the upper half', () => {
    expect(retryDelayMilliseconds(1, 1)).toBe(500);
    expect(retryDelayMilliseconds(1, 0)).toBe(250);
    expect(retryDelayMilliseconds(3, 1)).toBe(2000);
    expect(retryDelayMilliseconds(5, 1)).toBe(8000);
    expect(retryDelayMilliseconds(100_000, 1)).toBe(8000);
  });
});

describe('addresses', () => {
  test('name a page', () => {
    expect(parseRoute('')).toMatchObject({ page: 'wall' });
    expect(parseRoute('#/alarms')).toMatchObject({ page: 'alarms' });
    expect(parseRoute('#/cell/a%20b')).toMatchObject({ page: 'cell', name: 'a b' });
  });

  test('that cannot be read lead to the wall', () => {
    expect(parseRoute('#/cell/%E0%A4%A')).toMatchObject({ page: 'wall' });
    expect(parseRoute('#/cell/')).toMatchObject({ page: 'wall' });
    expect(parseRoute('#/nowhere')).toMatchObject({ page: 'wall' });
  });
});
