// What happened in a test, on its time axis: findings, changes of alarms, starts of the node, steps and cycles.
import type { AlarmChange, Boot, Step } from '../api/cell-types';
import type { Cycle, Finding, Severity } from '../api/types';
import type { Range } from './view';

export type EventKind = 'finding' | 'alarm' | 'boot' | 'step' | 'cycle' | 'capture';

export interface TimelineEvent {
  readonly key: string;
  readonly time: number;
  readonly kind: EventKind;
  readonly severity: Severity | null;
  /** What happened, short enough for a line. */
  readonly title: string;
  readonly detail: string;
}

export interface EventSources {
  readonly findings: readonly Finding[];
  readonly changes: readonly AlarmChange[];
  readonly boots: readonly Boot[];
  readonly steps: readonly Step[];
  readonly cycles: readonly Cycle[];
}

const stepWords: Readonly<Record<Step['kind'], string>> = { rest: 'Rest', charge: 'Charge', discharge: 'Discharge' };

const modeWords: Readonly<Record<string, string>> = {
  'constant-current': 'constant current',
  'constant-current-constant-voltage': 'constant current, then constant voltage',
  'constant-voltage': 'constant voltage',
  varying: 'varying current',
};

const stateWords: Readonly<Record<string, string>> = {
  unacknowledged: 'raised', acknowledged: 'acknowledged', returnedUnacknowledged: 'returned, not acknowledged', normal: 'returned to normal',
};

/** In order of time. A raised alarm is its finding, which is told once. */
export function eventsOf({ findings, changes, boots, steps, cycles }: EventSources, ruleWords: (rule: string) => string): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  const found = new Set(findings.map((finding) => finding.rule));
  for (const finding of findings) {
    events.push({ key: `f${finding.id}`, time: finding.time, kind: 'finding', severity: finding.severity, title: ruleWords(finding.rule), detail: finding.message });
    if (finding.cleared) {
      events.push({ key: `c${finding.id}`, time: finding.cleared, kind: 'finding', severity: null, title: `${ruleWords(finding.rule)} cleared`, detail: '' });
    }
  }
  changes.forEach((change, at) => {
    if (change.to === 'unacknowledged' && found.has(change.rule)) {
      return;
    }
    events.push({
      key: `a${at}@${change.at}`, time: change.at, kind: 'alarm', severity: change.severity ?? null,
      title: `${ruleWords(change.rule)} ${stateWords[change.to] ?? change.to}${change.by ? ` by ${change.by}` : ''}`, detail: change.note ?? change.reason ?? '',
    });
  });
  boots.forEach((boot, at) => {
    if (at > 0) {
      events.push({ key: `b${boot.boot}@${boot.start}`, time: boot.start, kind: 'boot', severity: null, title: 'Node started anew', detail: `Boot ${boot.boot}` });
    }
  });
  for (const cycle of cycles) {
    if (cycle.start !== null) {
      events.push({ key: `y${cycle.index}`, time: cycle.start, kind: 'cycle', severity: null, title: `Cycle ${cycle.index}`, detail: '' });
    }
  }
  for (const step of steps) {
    events.push({ key: `s${step.index}`, time: step.start, kind: 'step', severity: null, title: stepWords[step.kind], detail: modeWords[step.mode ?? ''] ?? '' });
  }
  return events.sort((a, b) => a.time - b.time);
}

/** Steps and cycles are told one by one only while there are few of them in the range. */
const mostRegular = 40;

export interface Shown {
  readonly events: readonly TimelineEvent[];
  readonly steps: readonly TimelineEvent[];
  readonly cycles: readonly TimelineEvent[];
  /** What is left out, in words; empty where nothing is. */
  readonly leftOut: string;
}

export function shownEvents(all: readonly TimelineEvent[], range: Range): Shown {
  const within = all.filter((event) => event.time >= range.from && event.time <= range.to);
  const steps = within.filter((event) => event.kind === 'step');
  const cycles = within.filter((event) => event.kind === 'cycle');
  const leftOut = [steps.length > mostRegular ? `${steps.length} steps` : '', cycles.length > mostRegular ? `${cycles.length} cycles` : ''].filter(Boolean).join(' and ');
  return {
    events: within.filter((event) => event.kind !== 'step' && event.kind !== 'cycle'),
    steps: steps.length > mostRegular ? [] : steps,
    cycles: cycles.length > mostRegular ? [] : cycles,
    leftOut,
  };
}

export interface Cluster {
  readonly events: readonly TimelineEvent[];
  /** Share of the range's length from its beginning. */
  readonly at: number;
}

/** Events that would overlap on the axis, taken together; the most severe stands first. */
export function clusters(events: readonly TimelineEvent[], range: Range, pixels: number, apart = 26): Cluster[] {
  const result: { events: TimelineEvent[]; at: number }[] = [];
  const span = range.to - range.from;
  for (const event of events) {
    const at = (event.time - range.from) / span;
    const last = result[result.length - 1];
    if (last && (at - last.at) * pixels < apart) {
      last.events.push(event);
    } else {
      result.push({ events: [event], at });
    }
  }
  for (const cluster of result) {
    cluster.events.sort((a, b) => rank(b.severity) - rank(a.severity));
  }
  return result;
}

const rank = (severity: Severity | null): number => (severity === null ? -1 : ['advisory', 'warning', 'critical', 'emergency'].indexOf(severity));

/** Why nothing is there between two times, as far as the boots of the node tell. */
export function gapReason(gap: Range, boots: readonly Boot[], missing: readonly string[]): string {
  const restart = boots.find((boot, at) => at > 0 && boot.start > gap.from && boot.start <= gap.to + 1);
  return restart ? 'the node was off and started anew' : missing[0] ?? 'no samples are stored';
}
