// Cells beside one another: lines brought to one measure and one axis, and cohorts as median with their spread.
import type { ProfileContent, Pulse, Standing } from '../api/cell-types';
import type { Cycle } from '../api/types';
import { curveAt, cycleResistances, middle, referenceCapacityAh, type ResistanceField } from './cycles';

/** Most cells of a comparison: more lines tell nobody anything, and each is asked for. */
export const mostCells = 24;

export type Measure = 'retention' | 'efficiency' | 'polarization' | 'resistance' | 'capacity';

export type Axis = 'cycle' | 'fullCycles' | 'throughput';

export const measures: Readonly<Record<Measure, { readonly title: string; readonly unit: string; readonly decimals: number; readonly smallest: number }>> = {
  retention: { title: 'Retention', unit: '%', decimals: 1, smallest: 5 },
  efficiency: { title: 'Coulombic efficiency', unit: '%', decimals: 3, smallest: 0.2 },
  polarization: { title: 'Polarization', unit: 'mV', decimals: 1, smallest: 10 },
  resistance: { title: 'Resistance at 10 s', unit: 'mΩ', decimals: 2, smallest: 1 },
  capacity: { title: 'Discharge capacity', unit: 'Ah', decimals: 4, smallest: 0.02 },
};

export const axes: Readonly<Record<Axis, { readonly words: string; readonly bottom: string }>> = {
  cycle: { words: 'Cycle', bottom: 'Cycle' },
  fullCycles: { words: 'Full cycles', bottom: 'Equivalent full cycles' },
  throughput: { words: 'Throughput', bottom: 'Discharge throughput (Ah)' },
};

/** What is known of one cell's test. */
export interface Subject {
  readonly cell: string;
  readonly test: string;
  readonly profile: string | null;
  readonly cycles: readonly Cycle[];
  readonly pulses: readonly Pulse[];
  readonly standing: Standing | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface CohortPoint {
  readonly x: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Discharge capacity that is 100 %, Ah. */
export const subjectReferenceAh = (subject: Subject): number | null => referenceCapacityAh(null, subject.cycles, subject.standing);

/** Capacity by which throughput becomes full cycles: the nominal one, else the reference cycle's. */
export const fullCycleAh = (subject: Subject, profile: ProfileContent | undefined = subject.standing?.profileContent): number | null => profile?.nominalCapacityAh ?? subjectReferenceAh(subject);

/** Where each cycle ends on an axis. Throughput is what has been discharged up to there; null where a capacity on the way is not known. */
export function positions(subject: Subject, axis: Axis): (number | null)[] {
  const sorted = [...subject.cycles].sort((a, b) => a.index - b.index);
  if (axis === 'cycle') {
    return sorted.map((cycle) => cycle.index);
  }
  const full = axis === 'fullCycles' ? fullCycleAh(subject) : 1;
  let sum: number | null = 0;
  return sorted.map((cycle) => {
    sum = sum === null || cycle.dischargeCapacityAh === null ? null : sum + cycle.dischargeCapacityAh;
    return sum === null || full === null || full <= 0 ? null : sum / full;
  });
}

/** The line of a measure; cycles that are not whole take no part, but for their place on the axis. */
export function lineOf(subject: Subject, measure: Measure, axis: Axis, resistance: ResistanceField = 'r10sOhm'): Point[] {
  const sorted = [...subject.cycles].sort((a, b) => a.index - b.index);
  const at = positions(subject, axis);
  const reference = subjectReferenceAh(subject);
  const ohms = measure === 'resistance' ? cycleResistances(sorted, subject.pulses, resistance) : [];
  const points: Point[] = [];
  sorted.forEach((cycle, index) => {
    const x = at[index];
    const y = valueOf(cycle, ohms[index]?.median ?? null);
    if (x !== null && x !== undefined && y !== null) {
      points.push({ x, y });
    }
  });
  return points;

  function valueOf(cycle: Cycle, milliohms: number | null): number | null {
    const isWhole = cycle.quality === 'complete';
    switch (measure) {
      case 'retention': return isWhole && reference && cycle.dischargeCapacityAh !== null ? (cycle.dischargeCapacityAh / reference) * 100 : null;
      case 'efficiency': return isWhole && cycle.coulombicEfficiency !== null ? cycle.coulombicEfficiency * 100 : null;
      case 'polarization': return isWhole && cycle.polarizationV !== null ? cycle.polarizationV * 1000 : null;
      case 'resistance': return milliohms;
      case 'capacity': return isWhole ? cycle.dischargeCapacityAh : null;
    }
  }
}

/** The value of a line at a place between two of its points; null outside them. */
export function valueAt(line: readonly Point[], x: number): number | null {
  return curveAt(line.map((point) => [point.x, point.y] as const), x);
}

/**
 * Median and spread (lowest and highest, or the quartiles from four lines on) of lines at each place of an axis. By cycle only
 * measured cycles count; elsewhere lines are read between their points. A place counts where half of the lines, and two at
 * least, have a value: else cells that end early would bend the median.
 */
export function cohortLine(lines: readonly (readonly Point[])[], places: readonly number[], isExact: boolean): CohortPoint[] {
  const needed = Math.max(2, Math.ceil(lines.length / 2));
  const exact = isExact ? lines.map((line) => new Map(line.map((point) => [point.x, point.y]))) : [];
  const result: CohortPoint[] = [];
  for (const x of places) {
    const values = lines.map((line, at) => (isExact ? exact[at]?.get(x) ?? null : valueAt(line, x))).filter((value) => value !== null).sort((a, b) => a - b);
    const median = middle(values);
    if (median !== null && values.length >= needed) {
      const isMany = values.length >= 4;
      result.push({
        x, median, count: values.length,
        low: isMany ? quantile(values, 0.25) : (values[0] as number), high: isMany ? quantile(values, 0.75) : (values[values.length - 1] as number),
      });
    }
  }
  return result;
}

/** Quantile of ascending values by straight lines between their ranks (type 7 of Hyndman and Fan, 1996). */
export function quantile(ascending: readonly number[], share: number): number {
  const at = (ascending.length - 1) * share;
  const low = Math.floor(at);
  const from = ascending[low] as number;
  return from + ((ascending[Math.min(low + 1, ascending.length - 1)] as number) - from) * (at - low);
}

/** Places for an axis without common ones: evenly over all lines, a hundred. */
export function evenPlaces(lines: readonly (readonly Point[])[], count = 100): number[] {
  const ends = lines.flatMap((line) => (line.length > 0 ? [(line[0] as Point).x, (line[line.length - 1] as Point).x] : []));
  const from = Math.min(...ends);
  const to = Math.max(...ends);
  return ends.length === 0 || to <= from ? [] : Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));
}

export type Grouping = 'none' | 'profile' | 'prefix' | 'bench';

/** The group of a cell: its profile, its name without the number at its end, or its bench. */
export function groupOf(cell: string, profile: string | null, bench: string, grouping: Grouping): string {
  switch (grouping) {
    case 'profile': return profile ?? 'no profile';
    case 'prefix': return cell.replace(/[-_. ]?\d+$/, '') || cell;
    case 'bench': return bench;
    default: return cell;
  }
}

export interface Comparison {
  readonly cells: readonly string[];
  readonly grouping: Grouping;
  readonly axis: Axis;
}

/** What a link says; what it does not say, or says wrongly, is as usual. Cells beyond the most are left out and counted. */
export function parseComparison(query: URLSearchParams): Comparison & { readonly leftOut: number } {
  const all = [...new Set((query.get('cells') ?? '').split(',').map((name) => name.trim()).filter((name) => /^[A-Za-z0-9._-]{1,64}$/.test(name)))];
  const grouping = query.get('by');
  const axis = query.get('x');
  return {
    cells: all.slice(0, mostCells), leftOut: Math.max(0, all.length - mostCells),
    grouping: grouping === 'profile' || grouping === 'prefix' || grouping === 'bench' ? grouping : 'none',
    axis: axis === 'fullCycles' || axis === 'throughput' ? axis : 'cycle',
  };
}

export function comparisonHref({ cells, grouping, axis }: Comparison): string {
  const parts = [`cells=${cells.map(encodeURIComponent).join(',')}`, ...(grouping === 'none' ? [] : [`by=${grouping}`]), ...(axis === 'cycle' ? [] : [`x=${axis}`])];
  return `#/compare?${parts.join('&')}`;
}
