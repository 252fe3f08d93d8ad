// Cycles as columns for the plots, and the reference they are held against.
import type { Cell, Cycle } from '../api/types';

export interface CycleColumns {
  readonly index: number[];
  readonly chargeAh: (number | null)[];
  readonly dischargeAh: (number | null)[];
  readonly efficiencyPercent: (number | null)[];
  readonly polarizationMillivolts: (number | null)[];
  readonly retentionPercent: (number | null)[];
}

/**
 * Discharge capacity that counts as 100 %: the one behind the gateway's own retention figure where it gives one, else the
 * first complete cycle's. Null when neither is known.
 */
export function referenceCapacityAh(cell: Cell | null, cycles: readonly Cycle[]): number | null {
  const last = cell?.lastCycle?.dischargeCapacityAh ?? null;
  if (cell && cell.retention !== null && cell.retention > 0 && last !== null && last > 0) {
    return last / cell.retention;
  }
  const first = cycles.find((cycle) => cycle.quality === 'complete' && (cycle.dischargeCapacityAh ?? 0) > 0);
  return first?.dischargeCapacityAh ?? null;
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

/** A gapped or partial cycle keeps its capacities but takes no part in efficiency and retention. */
export function cycleColumns(cycles: readonly Cycle[], referenceAh: number | null): CycleColumns {
  const sorted = [...cycles].sort((a, b) => a.index - b.index);
  const comparable = (cycle: Cycle): boolean => cycle.quality === 'complete';
  return {
    index: sorted.map((cycle) => cycle.index),
    chargeAh: sorted.map((cycle) => cycle.chargeCapacityAh),
    dischargeAh: sorted.map((cycle) => cycle.dischargeCapacityAh),
    efficiencyPercent: sorted.map((cycle) => (comparable(cycle) ? scaled(cycle.coulombicEfficiency, 100) : null)),
    polarizationMillivolts: sorted.map((cycle) => scaled(cycle.polarizationV, 1000)),
    retentionPercent: sorted.map((cycle) =>
      comparable(cycle) && referenceAh ? scaled(cycle.dischargeCapacityAh, 100 / referenceAh) : null,
    ),
  };
}

const qualityTexts: Readonly<Record<string, string>> = {
  complete: 'complete',
  partial: 'partial',
  gapped: 'gapped',
  unusual: 'unusual',
};

export const qualityWords = (quality: string): string => qualityTexts[quality.toLowerCase()] ?? quality;
