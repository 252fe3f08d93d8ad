// What the alarm desk reads beside the alarms themselves: incidents, the record of transitions, statistics.
import type { Alarm, AlarmState, Priority } from './types';

/** Alarms that belong together: of one cell, of one bench within a short time, or of a whole lab in a flood. */
export interface Incident {
  readonly incident: string;
  readonly state: 'open' | 'closed';
  readonly priority: Priority;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly bench: string | null;
  readonly benches: readonly string[];
  /** How many cells it touches. */
  readonly cells: number;
  readonly alarmCount: number;
  readonly unacknowledged: number;
  readonly firstOut: Alarm | null;
  /** The gravest few; the whole list is that of all alarms. */
  readonly alarms: readonly Alarm[];
  readonly escalation: number;
  readonly acknowledgedBy: readonly string[];
}

/** One line of the record that nobody can change. */
export interface Transition {
  readonly id: number;
  readonly at: number;
  readonly cell: string;
  readonly test: string | null;
  readonly rule: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** The person, where it was one. */
  readonly by: string | null;
  readonly note: string | null;
  /** Why, in words. */
  readonly reason: string;
}

type Counts = Readonly<Record<Priority, number>>;

export interface RuleCount {
  readonly cell: string;
  readonly rule: string;
  readonly count: number;
}

export interface Statistics {
  readonly weeks: readonly { readonly from: number; readonly to: number; readonly counts: Counts }[];
  /** Alarms a week that one person can serve, by priority. */
  readonly targets: Counts;
  readonly mostFrequent: readonly RuleCount[];
  readonly standing: readonly { readonly cell: string; readonly rule: string; readonly hours: number }[];
  readonly chattering: readonly RuleCount[];
  readonly peakPerTenMinutes: number;
  readonly meanSecondsToAcknowledge: number | null;
  readonly floods: number;
}
