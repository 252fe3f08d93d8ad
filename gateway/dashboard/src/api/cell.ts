// Requests of the cell and compare pages.
import { request } from './client';
import type { AlarmChange, Differential, Heat, Pulse, Standing, Step, Test } from './cell-types';
import type { Cycle, Finding, Samples } from './types';

/** Address of something of a cell's test, also for people to fetch raw data by. */
export function cellAddress(cell: string, what: string, parameters: Readonly<Record<string, string | number | null>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) {
      query.set(name, typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(6) : String(value));
    }
  }
  const text = query.toString();
  return `/api/v1/cells/${encodeURIComponent(cell)}${what === '' ? '' : `/${what}`}${text === '' ? '' : `?${text}`}`;
}

const get = <T>(cell: string, what: string, test: string | null, signal?: AbortSignal, more: Record<string, string | number | null> = {}): Promise<T> =>
  request<T>(cellAddress(cell, what, { test, ...more }), {}, signal);

export const cellApi = {
  tests: (signal?: AbortSignal) => request<Test[]>('/api/v1/tests', {}, signal),
  cycles: (cell: string, test: string | null, signal?: AbortSignal) => get<Cycle[]>(cell, 'cycles', test, signal),
  steps: (cell: string, test: string | null, signal?: AbortSignal) => get<Step[]>(cell, 'steps', test, signal),
  pulses: (cell: string, test: string | null, signal?: AbortSignal) => get<Pulse[]>(cell, 'pulses', test, signal),
  findings: (cell: string, test: string | null, signal?: AbortSignal) => get<Finding[]>(cell, 'findings', test, signal),
  standing: (cell: string, test: string | null, signal?: AbortSignal) => get<Standing>(cell, 'standing', test, signal),
  samples: (cell: string, test: string | null, from: number | null, to: number | null, points: number, signal?: AbortSignal) =>
    get<Samples>(cell, 'samples', test, signal, { from, to, points }),
  differential: (cell: string, test: string | null, cycle: number, signal?: AbortSignal) => get<Differential>(cell, 'dqdv', test, signal, { cycle }),
  heat: (cell: string, test: string | null, from: number | null, to: number | null, points: number, signal?: AbortSignal) =>
    get<Heat>(cell, 'heat', test, signal, { from, to, points }),
  alarmChanges: async (cell: string, signal?: AbortSignal) =>
    (await request<AlarmChange[]>(`/api/v1/alarms/history?cell=${encodeURIComponent(cell)}&limit=500`, {}, signal)).filter((line) => line.cell === cell),
};
