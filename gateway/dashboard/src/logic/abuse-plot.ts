// What the fast plot draws, as numbers: which part of a line, thinned to the pixels there are, and the steps of its axes. Pure.
import type { Line } from './abuse-live';

/** Index of the first time at or after `from`. */
export function firstFrom(times: readonly number[], from: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

export interface Extent {
  least: number;
  most: number;
}

/** Widens an extent by the values of a line within a span. */
export function extend(extent: Extent, line: Line, from: number, to: number): void {
  for (let i = firstFrom(line.times, from); i < line.times.length && (line.times[i] ?? Infinity) <= to; i += 1) {
    const value = line.values[i];
    if (value !== null && value !== undefined) {
      extent.least = Math.min(extent.least, value);
      extent.most = Math.max(extent.most, value);
    }
  }
}

/** A gap longer than this is drawn as one, s, or as so many points' distance where points are further apart. */
const gapSeconds = 1.2;

export interface Pen {
  move(x: number, value: number): void;
  line(x: number, value: number): void;
}

/**
 * Draws a line from `from` to `to` onto `width` pixels: each point where they are few, else for each pixel the first, the lowest, the
 * highest and the last, so that no spike is lost. A lost reading or a gap in time breaks the line.
 */
export function trace(line: Line, from: number, to: number, width: number, pen: Pen): void {
  const { times, values } = line;
  const scale = width / (to - from);
  const begin = Math.max(0, firstFrom(times, from) - 1);
  const end = Math.min(times.length, firstFrom(times, to) + 1);
  const isThin = end - begin <= width * 2;
  const spacing = (times[end - 1] ?? 0) - (times[begin] ?? 0);
  const widest = Math.max(gapSeconds, (3 * spacing) / Math.max(1, end - begin));
  let before = Number.NaN;
  let isDown = false;
  let pixel = Number.NaN;
  let least = 0;
  let most = 0;
  let last = 0;
  const flush = (): void => {
    if (!Number.isNaN(pixel)) {
      pen.line(pixel, least);
      pen.line(pixel, most);
      pen.line(pixel, last);
      pixel = Number.NaN;
    }
  };
  for (let i = begin; i < end; i += 1) {
    const time = times[i] ?? 0;
    const value = values[i];
    if (value === null || value === undefined || time - before > widest) {
      flush();
      isDown = false;
    }
    before = time;
    if (value === null || value === undefined) {
      continue;
    }
    const x = (time - from) * scale;
    if (!isDown) {
      pen.move(isThin ? x : Math.floor(x), value);
      isDown = true;
    }
    if (isThin) {
      pen.line(x, value);
    } else if (Math.floor(x) === pixel) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      last = value;
    } else {
      flush();
      pixel = Math.floor(x);
      pen.line(pixel, value);
      least = most = last = value;
    }
  }
  flush();
}

/** A step of 1, 2 or 5 times a power of ten, so that at most `most` of them fit in a span. */
export function niceStep(span: number, most: number): number {
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-12)));
  return (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10) * power;
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

export const timeStep = (span: number, most: number): number => timeSteps.find((step) => span / step <= most) ?? 86_400 * Math.ceil(span / most / 86_400);

/**
 * The range of an axis: the extent on whole steps, and no narrower than `narrowest`, so that noise does not fill the plot. It grows at
 * once and shrinks only when nearly half of it stands empty: a scale that twitches cannot be read from afar.
 */
export function settledRange(extent: Extent, before: Extent | null, narrowest: number): Extent {
  if (!(extent.least <= extent.most)) {
    return before ?? { least: 0, most: narrowest };
  }
  const middle = (extent.least + extent.most) / 2;
  const half = Math.max(narrowest, (extent.most - extent.least) * 1.08) / 2;
  const step = niceStep(half * 2, 6);
  const wanted = { least: Math.floor((middle - half) / step) * step, most: Math.ceil((middle + half) / step) * step };
  if (before && extent.least >= before.least && extent.most <= before.most && wanted.most - wanted.least > (before.most - before.least) * 0.55) {
    return before;
  }
  return wanted;
}

/** Multiples of a step within a range. */
export function ticks(least: number, most: number, step: number): readonly number[] {
  const found: number[] = [];
  for (let n = Math.ceil(least / step - 1e-9); n * step <= most + step * 1e-9 && found.length < 50; n += 1) {
    found.push(n * step + 0);
  }
  return found;
}

/** The edge stays this far behind the newest sample, s, so that samples that come in pieces move evenly. */
const delaySeconds = 0.35;

/** Where the right edge is after so long: it follows the samples at their own pace, a little behind, and catches up when far behind. */
export function nextEdge(edge: number, lastAt: number, elapsed: number): number {
  const wanted = lastAt - delaySeconds;
  if (!Number.isFinite(edge) || !Number.isFinite(elapsed) || Math.abs(wanted - edge) > 3) {
    return Number.isFinite(elapsed) ? wanted : lastAt;
  }
  // Bent towards where it ought to be, so that clocks which differ a little never make it jump.
  return Math.min(lastAt, edge + elapsed + (wanted - edge) * Math.min(1, elapsed * 1.5));
}
