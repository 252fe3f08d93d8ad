// Intervals drawn as columns from their lowest to their highest value, on whole pixels.
import uPlot from 'uplot';
import { lowerBound, type Composed } from './compose';
import type { ShownColumn } from './tiles';

/** A dashed trace leaves out some pixels where it is no thicker than this. */
const thin = 4;

/**
 * Top and height of a column in whole pixels: at least `least` tall, and reaching to where the one before ended, so that a step
 * between two intervals is no hole. `previous` is the column before, null after a gap.
 */
export function columnOf(top: number, bottom: number, previous: { readonly top: number; readonly bottom: number } | null, least: number): { top: number; bottom: number } {
  const from = previous ? Math.min(top, previous.bottom) : top;
  const to = previous ? Math.max(bottom, previous.top) : bottom;
  const middle = (from + to) / 2;
  return { top: Math.round(Math.min(from, middle - least / 2)), bottom: Math.round(Math.max(to, middle + least / 2)) };
}

export function drawColumns(plot: uPlot, composed: Composed, column: ShownColumn, colour: string, isDashed: boolean): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] as { min: number; max: number };
  const least = Math.max(1, Math.round(1.4 * uPlot.pxRatio));
  const low = composed.low[column];
  const high = composed.high[column];
  const from = Math.max(0, lowerBound(composed.time, min) - 1);
  const to = Math.min(composed.time.length, lowerBound(composed.time, max) + 1);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  let previous: { top: number; bottom: number } | null = null;
  let edge = Number.NaN;
  for (let at = from; at < to; at += 1) {
    const lowest = low[at] ?? null;
    const highest = high[at] ?? null;
    if (lowest === null || highest === null) {
      previous = null;
      edge = Number.NaN;
      continue;
    }
    const own = { top: plot.valToPos(highest, 'y', true), bottom: plot.valToPos(lowest, 'y', true) };
    const x = Math.round(plot.valToPos(composed.time[at] as number, 'x', true));
    const left = Number.isNaN(edge) ? x - least : Math.min(edge, x - 1);
    const { top, bottom } = columnOf(own.top, own.bottom, previous, least);
    if (!isDashed || bottom - top > thin * uPlot.pxRatio || Math.floor(x / (4 * uPlot.pxRatio)) % 2 === 0) {
      ctx.fillRect(left, top, Math.max(1, x - left), bottom - top);
    }
    previous = own;
    edge = x;
  }
  ctx.restore();
}
