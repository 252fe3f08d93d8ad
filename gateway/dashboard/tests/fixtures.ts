// A channel and an alarm with every field set, to be varied by the tests.
import type { Alarm, Cell } from '../src/api/types';
import type { Instant } from '../src/logic/staleness';

export const at = (seconds: number): Instant => ({ monotonicMilliseconds: seconds * 1000, wallMilliseconds: 1_763_700_000_000 + seconds * 1000 });

export const cell = (name: string, change: Partial<Cell> = {}): Cell => ({
  cell: name, test: `${name}@1`, node: `node-of-${name}`, channel: '1', profile: null, state: 'charging', online: true, live: true, time: 1_763_700_000,
  receivedAt: 1_763_700_000.1, ageSeconds: 0.4, silent: false, voltageV: 3.71, currentA: 0.5, surfaceC: 25.1, infraredC: 25.4, ambientC: 24.8,
  faults: [], cycle: 2, cycleCount: 1, lastCycle: null, retention: null, sampleCount: 10, droppedSamples: 0, trend: [], alarms: [], ...change,
});

export const alarm = (owner: string, rule: string, change: Partial<Alarm> = {}): Alarm => ({
  id: `${owner}/${rule}`, cell: owner, test: `${owner}@1`, rule, severity: 'warning', state: 'unacknowledged', onset: 90, raisedAt: 100, clearedAt: null,
  acknowledgedAt: null, acknowledgedBy: null, note: null, latched: false, measure: 'surfaceTemperature', observed: 46.3, limit: 45, unit: 'C',
  message: 'Surface at 46.3 °C.', revision: 0, ...change,
});
