// Abuse tests as the gateway answers them. Times are Unix seconds, temperatures °C; null = not known.

export const abuseKinds = ['nail', 'crush', 'bend', 'cut', 'external-short', 'overcharge', 'over-discharge', 'oven', 'propagation'] as const;

export type AbuseKind = (typeof abuseKinds)[number];

/** Where a figure of a plan comes from; a recalled one needs the lab's own copy of the standard. */
export const figureSources = ['quoted', 'recalled', 'lab'] as const;

export type FigureSource = (typeof figureSources)[number];

export interface PlanCondition {
  readonly text: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly source: FigureSource;
}

export interface TriggerRule {
  readonly voltageDropV: number | null;
  readonly voltageRiseV: number | null;
  readonly heatingCPerS: number | null;
  readonly temperatureC: number | null;
  readonly currentA: number | null;
  readonly forceN: number | null;
}

export const measures = [
  'thermal-runaway', 'temperature', 'heating-rate', 'voltage-drop', 'voltage', 'temperature-spread', 'retained-voltage', 'observed',
] as const;

export type CriterionMeasure = (typeof measures)[number];

export interface CriterionRule {
  readonly id: string;
  readonly title: string;
  readonly measure: CriterionMeasure;
  readonly limit: number | null;
  readonly unit: string;
  readonly isBelow: boolean;
  readonly holdS: number;
  readonly isFailure: boolean;
  readonly isRequired: boolean;
  readonly source: FigureSource;
}

export interface ObservationRule {
  readonly start: 'trigger' | 'end-of-exposure';
  readonly exposureS: number | null;
  readonly leastS: number;
  readonly belowC: number | null;
  readonly belowPartOfRise: number | null;
  readonly mostS: number | null;
  readonly source: FigureSource;
}

export interface AbusePlan {
  readonly name: string;
  readonly version: number;
  readonly kind: AbuseKind;
  readonly title: string;
  readonly standard: string | null;
  readonly conditions: readonly PlanCondition[];
  readonly trigger: TriggerRule;
  readonly criteria: readonly CriterionRule[];
  readonly observation: ObservationRule;
  readonly selfHeating: { readonly rateCPerMinute: number; readonly windowS: number; readonly holdS: number; readonly source: FigureSource };
  readonly rateWindowsS: readonly number[];
  readonly preTriggerS: number;
  readonly protectionKind: string | null;
  readonly personChecks: readonly string[];
  readonly note: string | null;
}

export interface PlanProblem {
  readonly field: string;
  readonly message: string;
}

export type AbuseState = 'preparing' | 'armed' | 'triggered' | 'observing' | 'ended' | 'signed' | 'cancelled';

export type CriterionState = 'not-judged' | 'not-met' | 'near' | 'met';

export interface AbuseTrigger {
  readonly source: 'rule' | 'command' | 'input';
  readonly at: number;
  readonly uncertaintyS: number;
  readonly reason: string;
}

export interface AbuseValue {
  readonly id: string;
  readonly title: string;
  readonly value: number | null;
  readonly unit: string;
  readonly uncertainty: number | null;
  readonly at: number | null;
  readonly sensor: string | null;
  readonly definition: string;
  readonly absence: string | null;
}

export interface AbuseCriterion {
  readonly id: string;
  readonly title: string;
  readonly state: CriterionState;
  readonly observed: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly metAt: number | null;
  readonly isFailure: boolean;
  readonly isRequired: boolean;
  readonly source: FigureSource;
  readonly reason: string | null;
}

export interface SensorLoss {
  readonly sensor: string;
  readonly fault: string;
  readonly at: number;
  readonly lastGood: number | null;
  readonly unit: string;
  readonly backAt: number | null;
}

export interface ObservationStanding {
  readonly beganAt: number | null;
  readonly earliestEndAt: number | null;
  readonly waiting: readonly string[];
  readonly completeAt: number | null;
}

export interface AbuseReading {
  readonly sensor: string;
  readonly column: string;
  readonly value: number | null;
  readonly unit: string;
  readonly state: string;
}

export interface AbuseFigures {
  readonly trigger: AbuseTrigger | null;
  readonly initialVoltageV: number | null;
  readonly values: readonly AbuseValue[];
  readonly criteria: readonly AbuseCriterion[];
  readonly sensorLosses: readonly SensorLoss[];
  readonly hazard: { readonly level: number; readonly reasons: readonly string[]; readonly onlyAPersonCanSay: string };
  readonly observation: ObservationStanding;
  readonly readings: readonly AbuseReading[];
  readonly deviations: readonly string[];
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly sampleCount: number;
}

export interface AbuseCheck {
  readonly id: string;
  readonly text: string;
  readonly isByPerson: boolean;
  readonly state: 'open' | 'good' | 'bad';
  readonly detail: string | null;
  readonly person: string | null;
  readonly at: number | null;
}

export interface AbuseLogEntry {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly person: string | null;
}

/** What only a person can add; null where nobody has said. */
export interface AbuseObservations {
  readonly leak: boolean | null;
  readonly vent: boolean | null;
  readonly smoke: boolean | null;
  readonly flame: boolean | null;
  readonly rupture: boolean | null;
  readonly explosion: boolean | null;
  readonly massBeforeG: number | null;
  readonly massAfterG: number | null;
  readonly hazardLevel: number | null;
  readonly reason: string | null;
  readonly person: string | null;
  readonly at: number | null;
}

export interface AbuseAttachment {
  readonly id: number;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly text: string | null;
  readonly person: string;
  readonly at: number;
}

export interface AbuseSignature {
  readonly person: string;
  readonly meaning: string;
  readonly at: number;
  readonly contentSha256: string;
}

export interface AbuseStop {
  readonly at: number;
  readonly person: string;
  readonly state: 'sent' | 'confirmed' | 'refused' | 'unanswered';
  readonly answeredAt: number | null;
  readonly detail: string | null;
}

/** What the criteria say together, by readings and by what a person saw. */
export interface AbuseVerdict {
  /** `none` where there is nothing to judge yet. */
  readonly kind: 'passed' | 'failed' | 'open' | 'none';
  readonly title: string;
  readonly reason: string;
}

export interface AbuseRecord {
  readonly id: string;
  readonly cell: string;
  readonly node: string | null;
  readonly channel: string | null;
  readonly test: string | null;
  readonly source: string | null;
  readonly profile: string | null;
  readonly plan: AbusePlan;
  readonly state: AbuseState;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly armedAt: number | null;
  readonly armedBy: string | null;
  readonly triggeredAt: number | null;
  readonly exposureEndedAt: number | null;
  readonly observingAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: string | null;
  readonly checks: readonly AbuseCheck[];
  readonly figures: AbuseFigures | null;
  readonly log: readonly AbuseLogEntry[];
  /** Lines of the log that made room for newer ones. */
  readonly logDropped?: number;
  readonly observations: AbuseObservations;
  readonly deviations: readonly string[];
  readonly attachments: readonly AbuseAttachment[];
  readonly calibrations: readonly { readonly column: string; readonly calibrationId: string; readonly text: string }[];
  readonly stop: AbuseStop | null;
  readonly signatures: readonly AbuseSignature[];
  readonly verdict: AbuseVerdict | null;
}

/** One recorded quantity: ascending seconds, null where it is lost. */
export interface AbuseTrace {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly timeS: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface TraceAnswer {
  readonly lastAt: number | null;
  readonly traces: readonly AbuseTrace[];
}

/** One infrared image, row by row from the top left, °C. */
export interface AbuseImage {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly temperaturesC: readonly number[];
}

/** What the stream says of a session at once, before its record is read. */
export interface AbuseEvent {
  readonly id: string;
  readonly cell: string;
  readonly node: string | null;
  readonly channel: string | null;
  readonly state: AbuseState;
  readonly triggeredAt: number | null;
  /** Of the criteria that count against the cell. */
  readonly worst: CriterionState;
  /** Of the emergency stop; null where none was given. */
  readonly stop?: AbuseStop['state'] | null;
  readonly revision: number;
}
