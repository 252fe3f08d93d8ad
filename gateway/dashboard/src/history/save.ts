// The shown history as files.
import { fileName, type CsvValue } from '../plots/csv';
import { saveCsv, savePng } from '../plots/export';
import { clock } from '../state/clock';
import { lowerBound, type Composed } from './compose';
import type { HistoryState } from './engine';
import type { PlotStack } from './stack';
import { shownColumns } from './tiles';
import { lengthWords, type Range } from './view';

const units: Readonly<Record<(typeof shownColumns)[number], string>> = {
  voltageV: 'voltage (V)', currentA: 'current (A; positive charges)', surfaceC: 'surface (C)', infraredC: 'infrared (C)', ambientC: 'ambient (C)',
};

/** What is shown as a table with full precision: samples, or intervals with the lowest and the highest value of each column. */
export function historyTable(composed: Composed, range: Range, isRaw: boolean): { columns: string[]; rows: CsvValue[][] } {
  const columns = isRaw
    ? ['time (Unix s)', 'time (UTC)', ...shownColumns.map((column) => units[column])]
    : ['first sample (Unix s)', 'last sample (Unix s)', ...shownColumns.flatMap((column) => [`lowest ${units[column]}`, `highest ${units[column]}`])];
  const rows: CsvValue[][] = [];
  for (let at = lowerBound(composed.time, range.from); at < composed.time.length && composed.time[at]! <= range.to; at += 1) {
    const first = composed.first[at] ?? null;
    if (first === null) {
      continue;
    }
    rows.push(isRaw
      ? [first, new Date(first * 1000).toISOString(), ...shownColumns.map((column) => composed.low[column][at])]
      : [first, composed.last[at], ...shownColumns.flatMap((column) => [composed.low[column][at], composed.high[column][at]])]);
  }
  return { columns, rows };
}

export function saveHistoryCsv(cell: string, test: string | null, state: HistoryState): void {
  if (state.composed) {
    const { columns, rows } = historyTable(state.composed, state.range, state.grain.interval === null);
    saveCsv(fileName(test ?? cell, 'history.csv'), columns, rows);
  }
}

export function saveHistoryPng(cell: string, test: string | null, state: HistoryState, stack: PlotStack): void {
  const { grain, range } = state;
  savePng(fileName(test ?? cell, 'history.png'), {
    title: `${cell}: history`,
    lines: [
      `Test ${test ?? 'newest'}, ${clock.full(range.from)} to ${clock.full(range.to)}`,
      grain.interval === null ? 'Every sample as measured' : `Each point is ${lengthWords(grain.interval)}, extremes kept`,
    ],
    plots: stack.sheet(),
    bottom: `Time (${clock.zoneName})`,
  });
}
