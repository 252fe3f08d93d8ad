// The voltage trend of a tile.
import type { JSX } from 'preact';
import type { TrendPoint } from '../api/types';
import { fixed } from '../logic/format';
import { sparkline } from '../logic/sparkline';
import { span } from '../logic/time';

const width = 200;
const height = 30;

export function Trend({ points }: { readonly points: readonly TrendPoint[] | null | undefined }): JSX.Element {
  const line = points ? sparkline(points, width, height) : null;
  const first = points?.[0];
  const last = points?.[points.length - 1];
  if (!line || !first || !last) {
    return <p class="trend is-empty">No trend yet</p>;
  }
  const words = `Voltage over ${span(last[0] - first[0])}: ${fixed(line.minimum, 3)} to ${fixed(line.maximum, 3)} V`;
  return (
    <div class="trend" title={words}>
      <svg viewBox={`0 -3 ${width} ${height + 6}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path d={line.path} />
      </svg>
      <span class="trend-span" aria-hidden="true">{span(last[0] - first[0])}</span>
    </div>
  );
}
