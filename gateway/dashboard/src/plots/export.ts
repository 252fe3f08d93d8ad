// Plots and tables as files: PNG of what is drawn with what it is and in which units, CSV of what it was drawn from.
import type uPlot from 'uplot';
import { toCsv, type CsvValue } from './csv';
import { plotColours } from './theme';

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const saveCsv = (name: string, columns: readonly string[], rows: readonly (readonly CsvValue[])[]): void =>
  save(new Blob([toCsv(columns, rows)], { type: 'text/csv' }), name);

/** A line of a legend. */
export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dash?: readonly number[];
}

export interface SheetPlot {
  /** What has a canvas that it is drawn on. */
  readonly plot: Pick<uPlot, 'ctx'>;
  /** What it shows, with its unit. */
  readonly caption: string;
  readonly legend?: readonly LegendEntry[];
}

export interface Sheet {
  readonly title: string;
  /** Test, range, zone and what a reader has to know; one line each. */
  readonly lines: readonly string[];
  readonly plots: readonly SheetPlot[];
  /** What the axis at the bottom counts, with its unit or zone. */
  readonly bottom: string;
}

/** The plots one below the other on the panel's colour, under a title, each with its caption and legend. */
export function savePng(name: string, sheet: Sheet): void {
  const colours = plotColours();
  const ratio = window.devicePixelRatio || 1;
  const line = 18 * ratio;
  const left = 12 * ratio;
  const canvas = document.createElement('canvas');
  const head = line * (1.8 + sheet.lines.length);
  canvas.width = Math.max(480 * ratio, ...sheet.plots.map(({ plot }) => plot.ctx.canvas.width));
  canvas.height = head + sheet.plots.reduce((sum, { plot }) => sum + plot.ctx.canvas.height + line * 1.5, 0) + line * 1.5;
  const context = canvas.getContext('2d');
  if (!context) {
    return;
  }
  const font = (size: number, weight = 400): string => colours.font.replace(/^\d+px/, `${weight} ${size * ratio}px`);
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.ink;
  context.font = font(16, 600);
  context.fillText(sheet.title, left, line * 1.2);
  context.font = font(12);
  context.fillStyle = colours.text;
  sheet.lines.forEach((text, at) => context.fillText(text, left, line * (2.2 + at), canvas.width - 2 * left));
  let top = head;
  for (const { plot, caption, legend } of sheet.plots) {
    context.font = font(12, 600);
    context.fillStyle = colours.ink;
    context.fillText(caption, left, top + line);
    let at = left + context.measureText(caption).width + 2 * line;
    context.font = font(12);
    for (const entry of legend ?? []) {
      context.strokeStyle = entry.colour;
      context.lineWidth = 2 * ratio;
      context.setLineDash((entry.dash ?? []).map((length) => length * ratio));
      context.beginPath();
      context.moveTo(at, top + line * 0.75);
      context.lineTo(at + line * 1.4, top + line * 0.75);
      context.stroke();
      context.fillStyle = colours.text;
      context.fillText(entry.label, at + line * 1.7, top + line);
      at += line * 2.7 + context.measureText(entry.label).width;
    }
    context.setLineDash([]);
    context.drawImage(plot.ctx.canvas, 0, top + line * 1.5);
    top += plot.ctx.canvas.height + line * 1.5;
  }
  context.fillStyle = colours.text;
  context.fillText(sheet.bottom, left, top + line * 0.8);
  canvas.toBlob((blob) => blob && save(blob, name), 'image/png');
}
