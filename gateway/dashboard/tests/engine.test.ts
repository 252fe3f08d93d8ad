import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Samples } from '../src/api/types';
import { HistoryEngine, type HistoryState } from '../src/history/engine';

interface Asked {
  readonly from: number | null;
  readonly to: number | null;
  readonly points: number;
  readonly signal: AbortSignal;
  readonly answer: (answer: Samples) => void;
  readonly fail: (cause: Error) => void;
}

const month = 30 * 86_400;
const thinned = (from: number, to: number): Samples => ({
  cell: 'a', test: 't', from, to, intervalSeconds: (to - from) / 4, missing: null, columns: ['time', 'voltageV'], rows: [[from + 1, 3], [to - 1, 4]],
});

/** A gateway that answers when the test says so, and frames that come when asked for. */
function bench(): { engine: HistoryEngine; asked: Asked[]; states: HistoryState[]; frame: () => Promise<void> } {
  const asked: Asked[] = [];
  const states: HistoryState[] = [];
  const engine = new HistoryEngine('a', 't', { kind: 'live', span: 600 }, (_cell, _test, from, to, points, signal) =>
    new Promise((answer, fail) => {
      asked.push({ from, to, points, signal: signal as AbortSignal, answer, fail });
      signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')));
    }));
  engine.onChange = (state) => states.push(state);
  engine.start();
  const frame = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(20);
  };
  return { engine, asked, states, frame };
}

describe('the history of a test', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'requestAnimationFrame', 'cancelAnimationFrame'] });
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('document', { hidden: false });
    vi.stubGlobal('requestAnimationFrame', (call: () => void) => setTimeout(call, 16));
    vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('asks for the whole once, then for tiles of what is shown, each a bounded request', async () => {
    const { engine, asked, states, frame } = bench();
    expect(asked.map(({ from, to }) => [from, to])).toEqual([[null, null]]);
    asked[0]?.answer(thinned(0, month));
    await frame();
    await frame();
    const tiles = asked.slice(1);
    expect(tiles.length).toBeGreaterThan(0);
    expect(tiles.length).toBeLessThanOrEqual(4);
    expect(new Set(tiles.map(({ points }) => points))).toEqual(new Set([1024]));
    expect(states.at(-1)).toMatchObject({ whole: { from: 0, to: month }, grain: { isStandIn: true } });
    engine.dispose();
    expect(tiles.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('what a movement leaves behind is aborted, and that is no error', async () => {
    const { engine, asked, states, frame } = bench();
    asked[0]?.answer(thinned(0, month));
    await frame();
    await frame();
    const before = asked.slice(1);
    engine.show({ kind: 'fixed', range: { from: 1000, to: 1060 } });
    await frame();
    await frame();
    expect(before.every(({ signal }) => signal.aborted)).toBe(true);
    const after = asked.slice(1 + before.length);
    expect(after.length).toBeGreaterThan(0);
    expect(after.every(({ from, to }) => (from as number) < 1100 && (to as number) > 950)).toBe(true);
    expect(states.at(-1)?.error).toBeNull();
    engine.dispose();
  });

  test('what was read is not asked for again when somebody comes back to it', async () => {
    const { engine, asked, frame } = bench();
    asked[0]?.answer(thinned(0, month));
    await frame();
    engine.show({ kind: 'fixed', range: { from: 1000, to: 1060 } });
    await frame();
    const settle = async (): Promise<void> => {
      for (let round = 0; round < 6; round += 1) {
        asked.filter(({ from }) => from !== null).forEach(({ from, to, answer }) => answer(thinned(from as number, to as number)));
        await frame();
      }
    };
    await settle();
    const count = asked.length;
    engine.show({ kind: 'fixed', range: { from: 1010, to: 1070 } });
    await frame();
    engine.show({ kind: 'fixed', range: { from: 1000, to: 1060 } });
    await frame();
    expect(asked.length - count).toBeLessThanOrEqual(1);
    engine.dispose();
  });

  test('a failure is told, what is there stays, and it asks again after a while', async () => {
    const { engine, asked, states, frame } = bench();
    asked[0]?.answer(thinned(0, month));
    await frame();
    await frame();
    asked.slice(1).forEach(({ fail }) => fail(new Error('The gateway could not be reached.')));
    await frame();
    await frame();
    expect(states.at(-1)?.error).toBe('The gateway could not be reached.');
    expect(states.at(-1)?.composed?.time.length).toBeGreaterThan(0);
    const count = asked.length;
    await vi.advanceTimersByTimeAsync(500);
    expect(asked.length).toBe(count);
    await vi.advanceTimersByTimeAsync(4000);
    expect(asked.length).toBeGreaterThan(count);
    engine.dispose();
  });

  test('follows the newest sample until it is moved', async () => {
    const { engine, asked, states, frame } = bench();
    asked[0]?.answer(thinned(0, month));
    await frame();
    engine.setNewest(month + 100);
    await frame();
    expect(states.at(-1)?.range.to).toBeCloseTo(month + 100 + 12, 6);
    engine.show({ kind: 'fixed', range: { from: 5000, to: 5600 } });
    engine.setNewest(month + 200);
    await frame();
    expect(states.at(-1)?.range).toEqual({ from: 5000, to: 5600 });
    engine.dispose();
  });
});
