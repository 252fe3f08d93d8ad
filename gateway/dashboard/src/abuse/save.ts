// The fast plot as files.
import { stopwatch } from '../logic/abuse';
import type { Line, TraceBuffer } from '../logic/abuse-live';
import { fileName, type CsvValue } from '../plots/csv';
import { saveCsv, savePng } from '../plots/export';
import { clock } from '../state/clock';
import { lanesOf, shownFrom, type PlotView } from './plot-paint';

/** Names a plot's files. */
export interface SavedTest {
  readonly id: string;
  readonly cell: string;
}

/** Every reading of the range as it was taken: a row for each moment at which any of the quantities was. */
export function fastTable(lines: readonly Line[], from: number, to: number, triggeredAt: number | null): { columns: string[]; rows: CsvValue[][] } {
  const columns = ['time (Unix s)', 'since the trigger (s)', ...lines.map((line) => `${line.title} (${line.unit})`)];
  const rows = new Map<number, CsvValue[]>();
  lines.forEach((line, column) => line.times.forEach((time, at) => {
    if (time >= from && time <= to) {
      const row = rows.get(time) ?? [time, triggeredAt === null ? null : time - triggeredAt, ...lines.map(() => null)];
      row[column + 2] = line.values[at] ?? null;
      rows.set(time, row);
    }
  }));
  return { columns, rows: [...rows.values()].sort((a, b) => Number(a[0]) - Number(b[0])) };
}

const shownOf = (buffer: TraceBuffer, view: PlotView): { readonly lines: readonly Line[]; readonly from: number } => {
  const lanes = lanesOf(buffer);
  return { lines: lanes.flatMap((lane) => lane.lines), from: shownFrom(lanes, buffer.lastAt, view) };
};

export function saveFastCsv(test: SavedTest, buffer: TraceBuffer, view: PlotView): void {
  const { lines, from } = shownOf(buffer, view);
  const { columns, rows } = fastTable(lines, from, buffer.lastAt, view.triggeredAt);
  saveCsv(fileName(test.id, 'plot.csv'), columns, rows);
}

export function saveFastPng(test: SavedTest, buffer: TraceBuffer, view: PlotView, context: CanvasRenderingContext2D): void {
  if (!Number.isFinite(buffer.lastAt)) {
    return;
  }
  const { lines, from } = shownOf(buffer, view);
  savePng(fileName(test.id, 'plot.png'), {
    title: `${test.cell}: abuse test ${test.id}`,
    lines: [`${clock.full(from)} to ${clock.full(buffer.lastAt)}${view.triggeredAt === null ? ', not triggered' : `, triggered ${clock.full(view.triggeredAt)}, ends ${stopwatch(buffer.lastAt - view.triggeredAt)} after it`}`],
    plots: [{ plot: { ctx: context }, caption: [...new Set(lines.map((line) => `${line.title} (${line.unit})`))].join(', ') }],
    bottom: view.triggeredAt === null ? 'Time before the newest sample' : 'Time since the trigger',
  });
}
