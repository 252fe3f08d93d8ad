// Axes the plots share: times in the viewer's zone on a 24-hour clock, numbers with a true minus sign.
import type uPlot from 'uplot';
import { fixed } from '../logic/format';
import { clock } from '../state/clock';
import { decimalsFor } from './decimals';
import type { PlotColours } from './theme';

const grid = (colours: PlotColours) => ({ stroke: colours.grid, width: 1 });

/** Labels of time splits, as fine as the distance between two of them needs; the first also names the day. */
export function timeLabels(splits: readonly number[], incrementSeconds: number): string[] {
  let day = '';
  return splits.map((seconds) => {
    const time = clock.timeOfDay(seconds);
    const fraction = incrementSeconds < 1 ? (seconds % 1).toFixed(incrementSeconds < 0.1 ? 2 : 1).slice(1) : '';
    const short = incrementSeconds >= 60 ? time.slice(0, 5) : time + fraction;
    const today = clock.day(seconds);
    const text = incrementSeconds >= 86_400 ? today.slice(5) : today === day || splits.length > 12 ? short : `${short}\n${today}`;
    day = today;
    return text;
  });
}

export const timeAxis = (colours: PlotColours, labels: boolean): uPlot.Axis => ({
  stroke: colours.text,
  font: colours.font,
  grid: grid(colours),
  ticks: { ...grid(colours), size: 4 },
  size: labels ? 44 : 10,
  space: 86,
  values: labels ? (_plot, splits, _axis, _space, increment) => timeLabels(splits, increment) : (_plot, splits) => splits.map(() => ''),
});

export const indexAxis = (colours: PlotColours): uPlot.Axis => ({
  stroke: colours.text,
  font: colours.font,
  grid: grid(colours),
  ticks: { ...grid(colours), size: 4 },
  size: 30,
  incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
  values: (_plot, splits) => splits.map((value) => (Number.isInteger(value) ? fixed(value, 0) : '')),
});

export const valueAxis = (colours: PlotColours): uPlot.Axis => ({
  stroke: colours.text,
  font: colours.font,
  grid: grid(colours),
  ticks: { ...grid(colours), size: 4 },
  size: 58,
  values: (_plot, splits, _axis, _space, increment) => {
    const decimals = decimalsFor(increment);
    return splits.map((value) => fixed(value, decimals));
  },
});

/** The value under the cursor, or the newest one while there is no cursor: a legend that always says something. */
export const legendValue = (format: (value: number | null) => string) =>
  (plot: uPlot, value: number | null, series: number, index: number | null): string => {
    return format(index === null ? lastKnown(plot.data[series] ?? []) : value);
  };

/** The last value that is there: lines that end early have none at the end. */
export function lastKnown(values: ArrayLike<number | null | undefined>): number | null {
  for (let at = values.length - 1; at >= 0; at -= 1) {
    const value = values[at];
    if (value !== null && value !== undefined) {
      return value;
    }
  }
  return null;
}

/** Scale that never zooms into less than `smallest`, so that noise does not look like a drama. */
export const atLeast = (smallest: number): uPlot.Range.Function => (_plot, minimum, maximum) => {
  if (minimum === null || maximum === null || !Number.isFinite(minimum) || !Number.isFinite(maximum)) {
    return [0, smallest];
  }
  const missing = Math.max(0, smallest - (maximum - minimum)) / 2;
  const margin = Math.max(maximum - minimum, smallest) * 0.06;
  return [minimum - missing - margin, maximum + missing + margin];
};
