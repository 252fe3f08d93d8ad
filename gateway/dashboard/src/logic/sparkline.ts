// The small trend of a tile as an SVG path. Gaps stay gaps.
import type { TrendPoint } from '../api/types';

export interface Sparkline {
  readonly path: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** Below this difference the line is drawn flat instead of blowing converter noise up to full height, volts. */
const smallestRange = 0.02;

/** Path in a box of the given size, oldest left; null when fewer than two points have a value. */
export function sparkline(points: readonly TrendPoint[], width: number, height: number): Sparkline | null {
  let minimum = Infinity;
  let maximum = -Infinity;
  let valued = 0;
  for (const [, value] of points) {
    if (value !== null) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      valued += 1;
    }
  }
  const first = points[0];
  const last = points[points.length - 1];
  if (valued < 2 || !first || !last || last[0] <= first[0]) {
    return null;
  }
  const middle = (minimum + maximum) / 2;
  const range = Math.max(maximum - minimum, smallestRange);
  let path = '';
  let pen = false;
  for (const [time, value] of points) {
    if (value === null) {
      pen = false;
      continue;
    }
    const x = ((time - first[0]) / (last[0] - first[0])) * width;
    const y = height / 2 - ((value - middle) / range) * height;
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return { path, minimum, maximum };
}
