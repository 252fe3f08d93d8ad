// What the cell and compare pages read besides the types all pages share. Unix seconds, the unit last, null = not known.
import type { Severity } from './types';

export interface Test {
  readonly test: string;
  readonly cell: string;
  readonly node: string;
  readonly channel: string;
  readonly profile: string | null;
  readonly profileHash: string | null;
  readonly start: number | null;
  /** Null while it runs. */
  readonly end: number | null;
  readonly sampleCount: number;
}

export interface Step {
  readonly index: number;
  readonly cycle: number | null;
  readonly kind: 'rest' | 'charge' | 'discharge';
  readonly mode: string | null;
  readonly start: number;
  readonly end: number;
  readonly meanCurrentA: number | null;
}

export interface Pulse {
  readonly time: number;
  readonly currentA: number | null;
  readonly r0Ohm: number | null;
  readonly r1sOhm: number | null;
  readonly r10sOhm: number | null;
  readonly r18sOhm?: number | null;
  readonly r30sOhm?: number | null;
}

/** A line of the alarms' history, in the gateway's clock. */
export interface AlarmChange {
  readonly at: number;
  readonly cell: string;
  readonly test: string | null;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly by: string | null;
  readonly note: string | null;
  readonly reason: string | null;
  readonly severity?: Severity;
}

/** A stretch of a test between two starts of its node. */
export interface Boot {
  readonly boot: string;
  readonly start: number;
  readonly end: number;
}

export interface Projection {
  readonly cycle: number | null;
  readonly lowCycle: number | null;
  /** Null where the capacity may not fall at all. */
  readonly highCycle: number | null;
}

/** A profile as far as plots need it; what is not known is null or absent. */
export interface ProfileContent {
  readonly name: string;
  readonly kind: 'full' | 'anodeFree' | 'symmetric' | 'half';
  readonly nominalCapacityAh: number | null;
  readonly endOfLifeRetention: number;
  /** Pairs of cycle and share of the reference cycle. */
  readonly referenceRetention?: readonly (readonly [number, number])[];
  readonly referencePolarization?: readonly (readonly [number, number])[];
}

/** By what a test is judged, and where it stands. */
export interface Standing {
  readonly cell: string;
  readonly test: string;
  readonly profile: string;
  readonly referenceCycle: number | null;
  readonly profileContent: ProfileContent;
  readonly retentionCurve: readonly (readonly [number, number])[];
  readonly retention: number | null;
  readonly projection: Projection | null;
  readonly boots: readonly Boot[];
}

export interface DifferentialHalf {
  readonly cycle: number;
  readonly half: 'charge' | 'discharge';
  readonly rateA: number | null;
  readonly reason: string | null;
  readonly peaks: readonly { readonly positionV: number; readonly heightAhPerV: number; readonly areaAh: number | null; readonly widthV: number | null }[];
  readonly dqdv: { readonly voltageV: readonly number[]; readonly densityAhPerV: readonly number[] } | null;
}

export interface Differential {
  readonly cell: string;
  readonly test: string;
  readonly cycle: number;
  readonly gridV: number;
  readonly smoothingV: number;
  readonly halfCycles: readonly DifferentialHalf[];
  readonly separations: readonly { readonly cycle: number; readonly chargeV: number; readonly dischargeV: number; readonly separationV: number }[];
}

/** Heat of a cell, positive where the cell gives it off; see the gateway's heat endpoint. */
export interface Heat {
  readonly cell: string;
  readonly test: string;
  readonly from: number;
  readonly to: number;
  readonly blockSeconds: number;
  readonly heatCapacityJPerK: number | null;
  readonly coolingSeconds: number | null;
  readonly coolingLearned: boolean;
  readonly reason: string | null;
  readonly smallestW: number | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | null)[])[];
}
