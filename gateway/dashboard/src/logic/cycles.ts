// Cycles as columns for the plots, and the reference they are held against.
import type { Projection, Pulse, Standing } from '../api/cell-types';
import type { Cell, Cycle } from '../api/types';

export type Column = (number | null)[];

/** The ends of a figure's standard uncertainty (k = 1), null where it is not known. */
export interface Ends {
  readonly low: Column;
  readonly high: Column;
}

export interface CycleColumns {
  readonly index: number[];
  readonly chargeAh: Column;
  readonly chargeEndsAh: Ends;
  readonly dischargeAh: Column;
  readonly dischargeEndsAh: Ends;
  readonly efficiencyPercent: Column;
  readonly efficiencyEndsPercent: Ends;
  readonly energyEfficiencyPercent: Column;
  readonly polarizationMillivolts: Column;
  readonly polarizationEndsMillivolts: Ends;
  readonly retentionPercent: Column;
}

/**
 * Discharge capacity that counts as 100 %: the one behind the gateway's own retention figure where it gives one, else the
 * first complete cycle's. Null when neither is known.
 */
export function referenceCapacityAh(cell: Cell | null, cycles: readonly Cycle[], standing: Standing | null = null): number | null {
  const named = cycles.find((cycle) => cycle.index === standing?.referenceCycle)?.dischargeCapacityAh ?? null;
  if (named !== null && named > 0) {
    return named;
  }
  const last = cell?.lastCycle?.dischargeCapacityAh ?? null;
  if (cell && cell.retention !== null && cell.retention > 0 && last !== null && last > 0) {
    return last / cell.retention;
  }
  const first = cycles.find((cycle) => cycle.quality === 'complete' && (cycle.dischargeCapacityAh ?? 0) > 0);
  return first?.dischargeCapacityAh ?? null;
}

const scaled = (value: number | null | undefined, factor: number): number | null => (value === null || value === undefined ? null : value * factor);

/** A gapped or partial cycle keeps its capacities but takes no part in efficiency and retention. */
export function cycleColumns(cycles: readonly Cycle[], referenceAh: number | null): CycleColumns {
  const sorted = [...cycles].sort((a, b) => a.index - b.index);
  const comparable = (cycle: Cycle): boolean => cycle.quality === 'complete';
  const ends = (value: keyof Cycle, deviation: keyof Cycle, factor: number, isShown = (_: Cycle): boolean => true): Ends => {
    const end = (sign: number): Column => sorted.map((cycle) => {
      const [middleOf, off] = [cycle[value], cycle[deviation]];
      return isShown(cycle) && typeof middleOf === 'number' && typeof off === 'number' ? (middleOf + sign * off) * factor : null;
    });
    return { low: end(-1), high: end(1) };
  };
  return {
    index: sorted.map((cycle) => cycle.index),
    chargeAh: sorted.map((cycle) => cycle.chargeCapacityAh),
    chargeEndsAh: ends('chargeCapacityAh', 'chargeCapacityUncertaintyAh', 1),
    dischargeAh: sorted.map((cycle) => cycle.dischargeCapacityAh),
    dischargeEndsAh: ends('dischargeCapacityAh', 'dischargeCapacityUncertaintyAh', 1),
    efficiencyPercent: sorted.map((cycle) => (comparable(cycle) ? scaled(cycle.coulombicEfficiency, 100) : null)),
    efficiencyEndsPercent: ends('coulombicEfficiency', 'coulombicEfficiencyUncertainty', 100, comparable),
    energyEfficiencyPercent: sorted.map((cycle) => (comparable(cycle) ? scaled(cycle.energyEfficiency, 100) : null)),
    polarizationMillivolts: sorted.map((cycle) => scaled(cycle.polarizationV, 1000)),
    polarizationEndsMillivolts: ends('polarizationV', 'polarizationUncertaintyV', 1000),
    retentionPercent: sorted.map((cycle) =>
      comparable(cycle) && referenceAh ? scaled(cycle.dischargeCapacityAh, 100 / referenceAh) : null,
    ),
  };
}

/** A reference curve at a cycle: straight lines between its points, nothing before the first and beyond the last. */
export function curveAt(points: readonly (readonly [number, number])[] | null | undefined, cycle: number): number | null {
  const next = points?.findIndex(([at]) => at >= cycle) ?? -1;
  if (!points || next < 0) {
    return null;
  }
  const [toCycle, to] = points[next] as readonly [number, number];
  if (toCycle === cycle) {
    return to;
  }
  if (next === 0) {
    return null;
  }
  const [fromCycle, from] = points[next - 1] as readonly [number, number];
  return from + ((to - from) * (cycle - fromCycle)) / (toCycle - fromCycle);
}

export interface CycleResistance {
  readonly median: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export type ResistanceField = 'r0Ohm' | 'r1sOhm' | 'r10sOhm';

/** Median, lowest and highest resistance of the pulses in each cycle, milliohms; a pulse counts to the cycle it lies in. */
export function cycleResistances(cycles: readonly Cycle[], pulses: readonly Pulse[], field: ResistanceField): CycleResistance[] {
  const sorted = [...cycles].sort((a, b) => a.index - b.index);
  return sorted.map((cycle) => {
    const values = pulses
      .filter((pulse) => cycle.start !== null && cycle.end !== null && pulse.time >= cycle.start && pulse.time < cycle.end && pulse[field] !== null)
      .map((pulse) => (pulse[field] as number) * 1000)
      .sort((a, b) => a - b);
    const median = middle(values);
    return { median, low: values[0] ?? null, high: values[values.length - 1] ?? null };
  });
}

/** Median of ascending values; null where there are none. */
export function middle(ascending: readonly number[]): number | null {
  const half = ascending.length / 2;
  return ascending.length === 0 ? null : ((ascending[Math.ceil(half) - 1] as number) + (ascending[Math.floor(half)] as number)) / 2;
}

/** Where the trend reaches the end of life, as a sentence with its 95 % interval. */
export function projectionWords(projection: Projection | null | undefined, endOfLifeRetention: number): string {
  if (!projection || projection.cycle === null) {
    return '';
  }
  const cycle = (value: number): string => String(Math.round(value));
  const interval = projection.lowCycle === null ? '' : projection.highCycle === null
    ? ` (95 %: ${cycle(projection.lowCycle)} or later; it may not fall at all)`
    : ` (95 %: ${cycle(projection.lowCycle)} to ${cycle(projection.highCycle)})`;
  return `The trend reaches ${Math.round(endOfLifeRetention * 100)} % at cycle ${cycle(projection.cycle)}${interval}.`;
}

const qualityTexts: Readonly<Record<string, string>> = {
  complete: 'complete',
  partial: 'partial',
  gapped: 'gapped',
  unusual: 'unusual',
};

export const qualityWords = (quality: string): string => qualityTexts[quality.toLowerCase()] ?? quality;
