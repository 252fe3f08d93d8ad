// The HTTP API of the gateway as the dashboard reads it: camelCase names with the unit last, Unix seconds, null = not known.

export type ChannelState = 'charging' | 'discharging' | 'resting' | 'ended' | 'noData';

export type Severity = 'advisory' | 'warning' | 'critical' | 'emergency';

/** How soon somebody has to act. */
export type Priority = 'low' | 'medium' | 'high' | 'emergency';

export type Role = 'viewer' | 'operator' | 'admin';

export type AlarmState = 'unacknowledged' | 'acknowledged' | 'returnedUnacknowledged' | 'normal';

export interface SensorFault {
  readonly column: string;
  readonly state: string;
}

export interface Cycle {
  readonly index: number;
  readonly start: number | null;
  readonly end: number | null;
  readonly chargeCapacityAh: number | null;
  /** Uncertainties are standard ones, k = 1; null where the board that measured is not known. */
  readonly chargeCapacityUncertaintyAh: number | null;
  readonly dischargeCapacityAh: number | null;
  readonly dischargeCapacityUncertaintyAh: number | null;
  readonly coulombicEfficiency: number | null;
  readonly coulombicEfficiencyUncertainty: number | null;
  readonly chargeEnergyWh: number | null;
  readonly dischargeEnergyWh: number | null;
  readonly energyEfficiency?: number | null;
  readonly meanChargeVoltageV: number | null;
  readonly meanDischargeVoltageV: number | null;
  readonly polarizationV: number | null;
  readonly polarizationUncertaintyV: number | null;
  readonly maxTemperatureC: number | null;
  readonly quality: string;
  readonly qualityReason?: string | null;
  readonly revision: number;
}

export interface Finding {
  readonly id: string;
  readonly time: number;
  readonly cycle: number | null;
  readonly rule: string;
  readonly severity: Severity;
  readonly measure: string;
  readonly observed: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly message: string;
  readonly cleared?: number | null;
  readonly latches?: boolean;
  readonly maximumTemperatureC?: number | null;
  readonly proposedHazardLevel?: number | null;
}

export interface Alarm {
  readonly id: string;
  readonly cell: string;
  readonly test: string | null;
  readonly rule: string;
  readonly severity: Severity;
  readonly state: AlarmState;
  readonly onset: number | null;
  readonly raisedAt: number;
  readonly clearedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly latched: boolean;
  readonly measure: string;
  readonly observed: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly message: string;
  readonly revision: number;
  readonly maximumTemperatureC?: number | null;
  readonly proposedHazardLevel?: number | null;
  readonly priority?: Priority;
  /** Set while a person has put it aside. */
  readonly shelf?: Shelf | null;
  readonly suppressedBecause?: string | null;
  readonly incident?: string | null;
  readonly escalation?: number;
  /** What to do about it, in words. */
  readonly action?: string | null;
}

export interface Shelf {
  readonly since: number;
  readonly until: number;
  readonly by: string;
  readonly reason: string;
}

/** Who is signed in, from `GET /api/v1/session`. */
export interface Session {
  /** Null in an open trial, and for nobody. */
  readonly person: string | null;
  readonly role: Role | null;
  /** True where the gateway runs without accounts, on loopback. */
  readonly open: boolean;
  /** True until the first administrator has been made. */
  readonly needsSetup: boolean;
  /** To be sent back as `X-PouchMonitor-Csrf` with every change; null in an open trial. */
  readonly csrf: string | null;
}

/** The step now running, up to the newest sample. */
export interface RunningStep {
  readonly number: number;
  readonly kind: 'rest' | 'charge' | 'discharge' | 'constantVoltageCharge';
  readonly elapsedSeconds: number;
}

/** A point of a trend: Unix seconds and volts (null where there is no reading). */
export type TrendPoint = readonly [number, number | null];

export interface Cell {
  readonly cell: string;
  readonly test: string | null;
  readonly node: string;
  readonly channel: string;
  readonly profile: string | null;
  readonly state: ChannelState;
  readonly online: boolean;
  readonly live: boolean;
  readonly time: number | null;
  /** False where the node did not know the time, so that `time` is an estimate. */
  readonly clockKnown?: boolean;
  readonly receivedAt: number | null;
  readonly ageSeconds: number | null;
  readonly silent: boolean;
  readonly voltageV: number | null;
  readonly currentA: number | null;
  readonly surfaceC: number | null;
  readonly infraredC: number | null;
  readonly ambientC: number | null;
  readonly faults: readonly SensorFault[];
  /** Bench the channel stands on; its node while nobody has named one. */
  readonly bench?: string;
  readonly step?: RunningStep | null;
  readonly cycle: number | null;
  readonly cycleCount: number;
  readonly lastCycle: Cycle | null;
  readonly retention: number | null;
  readonly sampleCount: number;
  readonly droppedSamples: number;
  readonly trend?: readonly TrendPoint[] | null;
  readonly alarms?: readonly Alarm[] | null;
}

export interface Samples {
  readonly cell: string;
  readonly test: string | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Width of the intervals of which the rows are the extremes; null where they are samples as measured. */
  readonly intervalSeconds?: number | null;
  /** What is not there and why, in one sentence. */
  readonly missing?: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | null)[])[];
}

export interface Hello {
  readonly serverTime: number;
  readonly version: string;
  /** Where nodes connect, such as `127.0.0.1:1883`. */
  readonly mqtt?: string | null;
  /** True where the stream goes on after the last event this client had; otherwise the next list of channels is complete. */
  readonly resumed?: boolean;
  /** Why it could not go on; null where it could or was not asked to. */
  readonly gap?: string | null;
}
