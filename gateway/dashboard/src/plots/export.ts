// Plots and tables as files: PNG of what is drawn, CSV of what it was drawn from.
import type uPlot from 'uplot';
import { toCsv, type CsvValue } from './csv';

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

/** The plots one below the other on the panel's colour, with a title line. */
export function savePng(name: string, title: string, plots: readonly uPlot[], background: string, ink: string, font: string): void {
  const ratio = window.devicePixelRatio || 1;
  const head = 34 * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...plots.map((plot) => plot.ctx.canvas.width));
  canvas.height = head + plots.reduce((sum, plot) => sum + plot.ctx.canvas.height, 0);
  const context = canvas.getContext('2d');
  if (!context) {
    return;
  }
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = ink;
  context.font = font.replace(/^\d+px/, `${14 * ratio}px`);
  context.fillText(title, 12 * ratio, 22 * ratio);
  let top = head;
  for (const plot of plots) {
    context.drawImage(plot.ctx.canvas, 0, top);
    top += plot.ctx.canvas.height;
  }
  canvas.toBlob((blob) => blob && save(blob, name), 'image/png');
}
