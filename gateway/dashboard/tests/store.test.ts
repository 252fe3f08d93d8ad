import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamListener } from '../src/state/stream';

const answers = vi.hoisted(() => ({ alarms: vi.fn(), incidents: vi.fn() }));
const streams = vi.hoisted(() => ({ listeners: [] as unknown[] }));

vi.mock('../src/api/client', async (actual) => ({ ...(await actual<object>()), api: { alarms: answers.alarms } }));
vi.mock('../src/api/desk', () => ({ desk: { incidents: answers.incidents } }));
vi.mock('../src/state/abuse-events', () => ({ abuseEvents: { hello: () => {}, take: () => {} } }));
vi.mock('../src/state/stream', () => ({
  GatewayStream: class {
    constructor(_: string, listener: unknown) {
      streams.listeners.push(listener);
    }
    async run(): Promise<void> {}
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { addEventListener: () => {}, setTimeout });
  vi.stubGlobal('document', { addEventListener: () => {}, hidden: true });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a list that could not be read under a live link is asked for until it is, and said to be old meanwhile', async () => {
  answers.alarms.mockRejectedValueOnce(new Error('503')).mockRejectedValueOnce(new Error('503')).mockResolvedValue([]);
  answers.incidents.mockRejectedValueOnce(new Error('503')).mockResolvedValue([]);
  const { store } = await import('../src/state/store');
  store.start();
  const stream = streams.listeners[0] as StreamListener;
  stream.hello({ version: '1', serverTime: 0 } as Parameters<StreamListener['hello']>[0]);
  store.wantIncidents();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.state.oldLists).toEqual({ alarms: true, incidents: true });
  expect(store.state.alarmsKnown).toBe(false);

  await vi.advanceTimersByTimeAsync(500);
  expect(answers.alarms).toHaveBeenCalledTimes(2);
  expect(store.state.oldLists).toEqual({ alarms: true, incidents: false });

  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state.oldLists).toEqual({ alarms: false, incidents: false });
  expect(store.state.alarmsKnown).toBe(true);

  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers.alarms).toHaveBeenCalledTimes(3);
  expect(answers.incidents).toHaveBeenCalledTimes(2);
});
