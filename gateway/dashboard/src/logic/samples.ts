// Sample rows of the API as columns for the plots.
import type { Samples } from '../api/types';

export const sampleFields = [
  'time', 'voltageV', 'voltageMinimumV', 'voltageMaximumV', 'currentA', 'surfaceC', 'infraredC', 'ambientC',
] as const;

export type SampleField = (typeof sampleFields)[number];

export type SampleColumns = Readonly<Record<SampleField, readonly (number | null)[]>>;

/** Columns by name, whatever their order in the answer; a column that is missing is absent throughout. */
export function sampleColumns(samples: Samples): SampleColumns {
  const result = {} as Record<SampleField, (number | null)[]>;
  const timeAt = samples.columns.indexOf('time');
  const rows = timeAt < 0 ? [] : samples.rows.filter((row) => row[timeAt] !== null && row[timeAt] !== undefined);
  for (const field of sampleFields) {
    const at = samples.columns.indexOf(field);
    result[field] = rows.map((row) => (at < 0 ? null : (row[at] ?? null)));
  }
  return result;
}

/** Window of the live plot, in seconds of the samples' own clock. */
export type Span = 'minutes' | 'hours' | 'cycles' | 'all';

export const spanWords: Readonly<Record<Span, string>> = { minutes: '10 min', hours: '2 h', cycles: 'Last cycle', all: 'All' };

/** Where the window begins, null for the beginning of the test. `lastSample` and `lastCycleStart` in Unix seconds. */
export function windowStart(span: Span, lastSample: number | null, lastCycleStart: number | null): number | null {
  if (span === 'all' || lastSample === null) {
    return null;
  }
  if (span === 'cycles') {
    return lastCycleStart;
  }
  return lastSample - (span === 'minutes' ? 600 : 7200);
}
