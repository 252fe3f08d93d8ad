import { describe, expect, it } from 'vitest';
import { hottestOf, latestOfUnit, pointsMost, Pulse, TraceBuffer } from '../src/logic/abuse-live';
import { fastTable } from '../src/abuse/save';
import { nextEdge, niceStep, settledRange, ticks, timeStep, trace } from '../src/logic/abuse-plot';

const answer = (times: number[], values: (number | null)[], id = 'surface', unit = 'C') => ({ lastAt: times[times.length - 1] ?? null, traces: [{ id, title: id, unit, timeS: times, values }] });

describe('what is kept of the samples', () => {
  it('takes each sample once, also where answers overlap', () => {
    const buffer = new TraceBuffer();
    expect(buffer.take(answer([1, 2, 3], [10, 11, 12]))).toBe(true);
    expect(buffer.take(answer([2, 3], [10, 11]))).toBe(false);
    buffer.take(answer([3, 4], [99, 13]));
    expect(buffer.lines.get('surface')).toMatchObject({ times: [1, 2, 3, 4], values: [10, 11, 12, 13] });
  });

  it('stays bounded and loses neither the beginning nor a spike', () => {
    const buffer = new TraceBuffer();
    for (let piece = 0; piece < 20; piece += 1) {
      const times = Array.from({ length: 5000 }, (_, i) => piece * 5000 + i);
      buffer.take(answer(times, times.map((time) => (time === 4242 ? 700 : time === 4300 ? null : 20))));
    }
    const line = buffer.lines.get('surface');
    expect(line?.times.length).toBeLessThanOrEqual(pointsMost);
    expect(line?.times[0]).toBeLessThan(200);
    expect(Math.max(...(line?.values ?? []).map((value) => value ?? 0))).toBe(700);
    expect(line?.times.every((time, i, all) => i === 0 || time > (all[i - 1] ?? 0))).toBe(true);
  });

  it('names the hottest sensor of the cell, not the oven, and no reading that stopped', () => {
    const buffer = new TraceBuffer();
    buffer.take(answer([10], [200], 'ambient'));
    buffer.take(answer([4, 10], [90, null], 'tab'));
    buffer.take(answer([10], [60], 'surface'));
    buffer.take(answer([4], [300], 'infrared'));
    expect(hottestOf(buffer)).toMatchObject({ title: 'surface', value: 60 });
    expect(latestOfUnit(buffer, 'V')).toBeNull();
  });
});

describe('what is current', () => {
  it('is stale after two seconds without a sample, and no number after fifteen', () => {
    const pulse = new Pulse();
    expect(pulse.judge(0, false).kind).toBe('none');
    pulse.advance(1000, 10, 1000.3);
    pulse.advance(1000.2, 10.2, 1000.5);
    expect(pulse.judge(11, false).kind).toBe('current');
    expect(pulse.judge(12.3, false)).toEqual({ kind: 'stale', seconds: expect.closeTo(2.1, 3) });
    expect(pulse.judge(30, false).kind).toBe('gone');
  });

  it('does not take the first answer for what is, when that is an hour old', () => {
    const pulse = new Pulse();
    pulse.advance(1000, 10, 4600);
    expect(pulse.judge(10, false).kind).toBe('gone');
  });

  it('calls kept samples late, but not a clock that differs by as much all the time', () => {
    const late = new Pulse();
    late.advance(1000, 10, 1000.2);
    late.advance(1001, 10.2, 1031);
    expect(late.judge(10.3, false)).toMatchObject({ kind: 'late' });
    const ahead = new Pulse();
    ahead.advance(1000, 10, 1005);
    ahead.advance(1000.2, 10.2, 1005.2);
    expect(ahead.judge(10.3, false).kind).toBe('current');
    expect(ahead.judge(10.3, true).kind).toBe('late');
  });
});

describe('the fast plot', () => {
  const drawn = (times: number[], values: (number | null)[], from: number, to: number, width: number): string[] => {
    const out: string[] = [];
    trace({ id: 'a', title: 'a', unit: 'V', times, values }, from, to, width, { move: (x, value) => out.push(`M${x}:${value}`), line: (x, value) => out.push(`L${x}:${value}`) });
    return out;
  };

  it('draws each point where they are few and breaks at a loss and at a gap', () => {
    expect(drawn([0, 1, 2, 3], [5, null, 6, 7], 0, 4, 400)).toEqual(['M0:5', 'L0:5', 'M200:6', 'L200:6', 'L300:7']);
    expect(drawn([0, 0.5, 9, 9.5], [1, 2, 3, 4], 0, 10, 100).filter((step) => step.startsWith('M'))).toEqual(['M0:1', 'M90:3']);
  });

  it('keeps a spike of one sample when thousands share a pixel', () => {
    const times = Array.from({ length: 10_000 }, (_, i) => i * 0.02);
    const steps = drawn(times, times.map((_, i) => (i === 5003 ? 99 : 1)), 0, 200, 100);
    expect(steps).toContain('L50:99');
    expect(steps.length).toBeLessThan(500);
  });

  it('has steps that people count in', () => {
    expect([niceStep(10, 4), niceStep(0.07, 4), timeStep(30, 6), timeStep(3600, 6)]).toEqual([5, 0.02, 5, 600]);
    expect(ticks(-1, 4, 2)).toEqual([0, 2, 4]);
  });

  it('has a scale that grows at once and does not twitch', () => {
    const first = settledRange({ least: 20, most: 30 }, null, 4);
    expect(first.least).toBeLessThanOrEqual(20);
    expect(settledRange({ least: 21, most: 29 }, first, 4)).toBe(first);
    expect(settledRange({ least: 20, most: 600 }, first, 4).most).toBeGreaterThanOrEqual(600);
    expect(settledRange({ least: Infinity, most: -Infinity }, null, 4)).toEqual({ least: 0, most: 4 });
  });

  it('moves its edge evenly although samples come in pieces', () => {
    let edge = 100 - 0.35;
    let widest = 0;
    let lastAt = 100;
    for (let frame = 1; frame <= 240; frame += 1) {
      if (frame % 14 === 0) {
        lastAt = 100 + Math.floor((frame / 60) * 50) / 50;
      }
      const next = nextEdge(edge, lastAt, 1 / 60);
      widest = Math.max(widest, Math.abs(next - edge - 1 / 60));
      expect(next).toBeGreaterThanOrEqual(edge);
      edge = next;
    }
    expect(widest).toBeLessThan(0.012);
    expect(nextEdge(100, 200, 1 / 60)).toBeCloseTo(199.65);
  });
});

describe('the fast plot as a table', () => {
  it('has a row for each moment of the range, with what was not read left empty', () => {
    const buffer = new TraceBuffer();
    buffer.take(answer([10, 11, 12, 13], [25, 26, null, 28]));
    buffer.take(answer([11, 11.5, 13, 14], [4.1, 4, 3.9, 3.8], 'voltage', 'V'));
    const { columns, rows } = fastTable([...buffer.lines.values()], 11, 13, 12);
    expect(columns).toEqual(['time (Unix s)', 'since the trigger (s)', 'surface (C)', 'voltage (V)']);
    expect(rows).toEqual([[11, -1, 26, 4.1], [11.5, -0.5, null, 4], [12, 0, null, null], [13, 1, 28, 3.9]]);
    expect(fastTable([...buffer.lines.values()], 13, 13, null).rows).toEqual([[13, null, 28, 3.9]]);
  });
});
