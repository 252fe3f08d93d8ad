// The voltage trend of a tile.
import { Component, type JSX } from 'preact';
import type { TrendPoint } from '../api/types';
import { fixed } from '../logic/format';
import { sparkline } from '../logic/sparkline';
import { span } from '../logic/time';

const width = 200;
const height = 30;

type Points = readonly TrendPoint[] | null | undefined;

/** Drawn anew only when a point has been added. */
export class Trend extends Component<{ readonly points: Points }> {
  override shouldComponentUpdate({ points }: { readonly points: Points }): boolean {
    const before = this.props.points;
    return points !== before && (points?.length !== before?.length || points?.at(-1)?.[0] !== before?.at(-1)?.[0]);
  }

  override render({ points }: { readonly points: Points }): JSX.Element {
    return draw(points);
  }
}

function draw(points: Points): JSX.Element {
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
