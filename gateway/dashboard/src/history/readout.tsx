// What stands under the cursor, or the newest of what is shown, and the same as a table for who reads and does not look.
import type { JSX } from 'preact';
import { fixed, signed } from '../logic/format';
import { clock } from '../state/clock';
import { lowerBound, type Composed } from './compose';
import type { ShownColumn } from './tiles';
import type { Range } from './view';

const columns: readonly { readonly column: ShownColumn; readonly words: string; readonly unit: string; readonly decimals: number }[] = [
  { column: 'voltageV', words: 'Voltage', unit: 'V', decimals: 4 },
  { column: 'currentA', words: 'Current', unit: 'A', decimals: 4 },
  { column: 'surfaceC', words: 'Surface', unit: '°C', decimals: 2 },
  { column: 'infraredC', words: 'Infrared', unit: '°C', decimals: 2 },
  { column: 'ambientC', words: 'Ambient', unit: '°C', decimals: 2 },
];

/** Rows of the table; more are told and left out. */
const mostRows = 200;

const format = (column: ShownColumn, value: number | null, decimals: number): string => (column === 'currentA' ? signed(value, decimals) : fixed(value, decimals));

/** A value, or the lowest and highest of an interval. */
export function valueWords(composed: Composed, column: ShownColumn, at: number, decimals: number): string {
  const low = composed.low[column][at] ?? null;
  const high = composed.high[column][at] ?? null;
  const text = format(column, low, decimals);
  return low === high || text === format(column, high, decimals) ? text : `${text} to ${format(column, high, decimals)}`;
}

/** A time to the millisecond with its zone. */
export const preciseTime = (seconds: number): string => {
  // Samples' times are whole microseconds; what a double adds to them must not show.
  const milliseconds = Math.floor(Math.round(seconds * 1e6) / 1000);
  const whole = Math.floor(milliseconds / 1000);
  return `${clock.day(whole)} ${clock.timeOfDay(whole)}.${String(milliseconds - whole * 1000).padStart(3, '0')}`;
};

export const timeWords = (composed: Composed, at: number): string => {
  const first = composed.first[at];
  const last = composed.last[at];
  if (first === null || first === undefined || last === null || last === undefined) {
    return '–';
  }
  return first === last ? preciseTime(first) : `${preciseTime(first)} to ${clock.day(first) === clock.day(last) ? preciseTime(last).slice(11) : preciseTime(last)}`;
};

export function Readout({ composed, at, isCursor }: { readonly composed: Composed; readonly at: number; readonly isCursor: boolean }): JSX.Element {
  return (
    <dl class="readout" aria-live={isCursor ? 'polite' : 'off'}>
      <div class="readout-time"><dt>{isCursor ? 'At the cursor' : 'Newest shown'} <span class="zone">{clock.zoneName}</span></dt><dd>{at < 0 ? '–' : timeWords(composed, at)}</dd></div>
      {columns.map(({ column, words, unit, decimals }) => (
        <div key={column}><dt><span class={`swatch is-${column}`} aria-hidden="true" />{words} <span class="unit">{unit}</span></dt><dd data-column={column}>{at < 0 ? '–' : valueWords(composed, column, at, decimals)}</dd></div>
      ))}
    </dl>
  );
}

export function ValueTable({ composed, range, isRaw }: { readonly composed: Composed; readonly range: Range; readonly isRaw: boolean }): JSX.Element {
  const from = lowerBound(composed.time, range.from);
  const to = lowerBound(composed.time, range.to + 1e-9);
  const entries: number[] = [];
  let count = 0;
  for (let at = from; at < to; at += 1) {
    if (composed.first[at] !== null) {
      count += 1;
      if (entries.length < mostRows) {
        entries.push(at);
      }
    }
  }
  return (
    <>
      <p class="hint">{isRaw ? `${count} samples as measured` : `${count} intervals, each with the lowest and the highest value in it`}{count > mostRows ? `; the first ${mostRows} are listed` : ''}.</p>
      <div class="scroll is-bounded" role="region" aria-label="Values shown, scrollable" tabIndex={0}><table class="values">
        <thead><tr><th scope="col">Time <span class="zone">{clock.zoneName}</span></th>{columns.map(({ column, words, unit }) => <th key={column} scope="col" class="num">{words} <span class="zone">{unit}</span></th>)}</tr></thead>
        <tbody>{entries.map((at) => (
          <tr key={at}><th scope="row" class="when">{timeWords(composed, at)}</th>{columns.map(({ column, decimals }) => <td key={column} class="num" data-value={composed.low[column][at] ?? ''}>{valueWords(composed, column, at, decimals)}</td>)}</tr>
        ))}</tbody>
      </table></div>
    </>
  );
}
