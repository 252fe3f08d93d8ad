// What alarms mean to a person: order of urgency, states and rules in words, counts for the banner.
import type { Alarm, AlarmState, Severity } from '../api/types';

/** From the worst down; the order of the banner. */
export const severities: readonly Severity[] = ['emergency', 'critical', 'warning', 'advisory'];

export const severityRank: Readonly<Record<Severity, number>> = { emergency: 4, critical: 3, warning: 2, advisory: 1 };

export const severityWords: Readonly<Record<Severity, string>> = {
  emergency: 'Emergency',
  critical: 'Critical',
  warning: 'Warning',
  advisory: 'Advisory',
};

const ruleTexts: Readonly<Record<string, string>> = {
  'capacity-fade': 'Capacity fade',
  'polarization-rise': 'Polarization rise',
  'resistance-rise': 'Resistance rise',
  'ce-collapse': 'Coulombic efficiency collapse',
  'soft-short': 'Soft short',
  'hard-short': 'Hard short',
  'voltage-limit': 'Voltage limit',
  'thermal-limit': 'Temperature limit',
  'heating-rate': 'Heating rate',
  'heat-residual': 'Unexplained heat',
  'thermal-runaway': 'Thermal runaway',
  'sensor-fault': 'Sensor fault',
  'bad-reading': 'Bad reading',
  silence: 'Silence',
  storage: 'Storage',
  'forwarder-lag': 'Forwarder lag',
  delivery: 'Alarms not delivered',
  quarantine: 'Quarantined data',
  clock: 'Clock',
  'node-backlog': 'Node backlog',
  protection: 'Protection tripped',
};

/** A rule's name in words; an unknown rule keeps its own name, readable. */
export function ruleWords(rule: string): string {
  const known = ruleTexts[rule];
  if (known) {
    return known;
  }
  const words = rule.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const alarmStateWords: Readonly<Record<AlarmState, string>> = {
  unacknowledged: 'Active, not acknowledged',
  acknowledged: 'Active, acknowledged',
  returnedUnacknowledged: 'Over, not acknowledged',
  normal: 'Over',
};

/** True while the condition holds. */
export const isActive = (alarm: Alarm): boolean => alarm.state === 'unacknowledged' || alarm.state === 'acknowledged';

/** True while a person still has to confirm having seen it. */
export const needsAcknowledgement = (alarm: Alarm): boolean =>
  alarm.state === 'unacknowledged' || alarm.state === 'returnedUnacknowledged';

/** True for what a screen has to show without being asked. */
export const isOpen = (alarm: Alarm): boolean => alarm.state !== 'normal';

/** True while a person has put it aside, or it is suppressed by design: it asks for nobody. */
export const isAside = (alarm: Alarm): boolean => Boolean(alarm.shelf) || Boolean(alarm.suppressedBecause);

/** Identity on the screen: the same rule may be open in two tests of one cell. */
export const alarmKey = (alarm: Alarm): string => `${alarm.id} ${alarm.test ?? ''}`;

/** What a rule proposes beside its judgement, to stand behind its message; only a person confirms a hazard level. */
export const hazardWords = (of: { readonly message: string; readonly proposedHazardLevel?: number | null }): string =>
  of.proposedHazardLevel === null || of.proposedHazardLevel === undefined
    ? ''
    : `${of.message.endsWith('.') ? '' : '.'} Proposed hazard level ${of.proposedHazardLevel}, to be confirmed by a person.`;

/** The gateway's own alarms carry this in place of a cell. */
export const gatewayCell = '_gateway';

export const ownerWords = (cell: string): string => (cell === gatewayCell ? 'Gateway' : cell);

const stateRank: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 3,
  acknowledged: 2,
  returnedUnacknowledged: 1,
  normal: 0,
};

/** Open ones first; among them the worst, then those nobody has seen, then the newest. Total: ends with the id. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return (
    Number(isOpen(b)) - Number(isOpen(a)) ||
    Number(isActive(b)) - Number(isActive(a)) ||
    (isOpen(a) ? severityRank[b.severity] - severityRank[a.severity] : 0) ||
    stateRank[b.state] - stateRank[a.state] ||
    b.raisedAt - a.raisedAt ||
    (alarmKey(a) < alarmKey(b) ? -1 : alarmKey(a) > alarmKey(b) ? 1 : 0)
  );
}

/**
 * The alarms to name where there is room for so many, in their usual order. A critical one or an emergency never gives way
 * to a lesser one, not even when it is over and the lesser one is active.
 */
export function mostUrgent(alarms: readonly Alarm[], most: number): Alarm[] {
  const gravity = (alarm: Alarm): number => Math.max(severityRank[alarm.severity], severityRank.warning);
  return [...alarms].sort((a, b) => gravity(b) - gravity(a) || compareAlarms(a, b)).slice(0, most).sort(compareAlarms);
}

/** Active alarms nobody has acknowledged, counted by severity. */
export function countUnacknowledged(alarms: Iterable<Alarm>): Record<Severity, number> {
  const counts: Record<Severity, number> = { emergency: 0, critical: 0, warning: 0, advisory: 0 };
  for (const alarm of alarms) {
    if (alarm.state === 'unacknowledged' && !isAside(alarm)) {
      counts[alarm.severity] += 1;
    }
  }
  return counts;
}

/** One sentence for a screen reader about alarms that have just been raised; empty for none. */
export function announcement(raised: readonly Alarm[]): string {
  const worst = [...raised].sort(compareAlarms)[0];
  if (!worst) {
    return '';
  }
  const one = `${severityWords[worst.severity]} alarm on ${ownerWords(worst.cell)}: ${ruleWords(worst.rule)}. ${worst.message}`;
  return raised.length === 1 ? one : `${raised.length} new alarms. The worst: ${one}`;
}
