// What stands on the desk: one case for each incident, however many alarms it has, made from the alarms as they are now.
import type { Incident } from '../api/desk-types';
import type { Alarm, Cell, Priority } from '../api/types';
import { alarmKey, compareAlarms, isActive, isAside, isOpen, needsAcknowledgement } from './alarms';
import { compareNames } from './cells';
import { priorityOf, priorityRank } from './priorities';

export interface Case {
  /** The incident's name, or the alarm's own where it belongs to none. */
  readonly key: string;
  readonly incident: string | null;
  /** The highest among its alarms that are open. */
  readonly priority: Priority;
  /** The gravest open alarm: what has to be seen first. */
  readonly head: Alarm;
  /** The one that came first: the likely cause of the others. */
  readonly firstOut: Alarm;
  /** Its open alarms, the most urgent first. */
  readonly alarms: readonly Alarm[];
  /** All of its alarms that are known here, those put aside and those that are over included. */
  readonly all: readonly Alarm[];
  readonly cells: readonly string[];
  readonly cellCount: number;
  readonly benches: readonly string[];
  readonly openedAt: number;
  /** All that it ever had, those that are over included. */
  readonly alarmCount: number;
  readonly unacknowledged: number;
  readonly active: boolean;
  readonly escalation: number;
  readonly acknowledgedBy: readonly string[];
}

/** True when somebody has to look: open, not acknowledged, not put aside. */
export const asksForSomebody = (alarm: Alarm): boolean => needsAcknowledgement(alarm) && !isAside(alarm);

/** The bench of a cell; the node's own name until a bench is given. */
export const benchOf = (cell: Cell & { readonly bench?: string | null }): string => cell.bench ?? cell.node;

/** Cases of the alarms that are open and not put aside, the most urgent first; the order is total. */
export function casesOf(alarms: Iterable<Alarm>, incidents: ReadonlyMap<string, Incident>, benches: ReadonlyMap<string, string>): Case[] {
  const groups = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const key = alarm.incident ?? alarmKey(alarm);
    const group = groups.get(key);
    if (group) {
      group.push(alarm);
    } else {
      groups.set(key, [alarm]);
    }
  }
  const cases: Case[] = [];
  for (const [key, group] of groups) {
    const made = caseOf(key, group, incidents.get(key), benches);
    if (made) {
      cases.push(made);
    }
  }
  return cases.sort(compareCases);
}

function caseOf(key: string, group: readonly Alarm[], incident: Incident | undefined, benches: ReadonlyMap<string, string>): Case | null {
  const open = group.filter((alarm) => isOpen(alarm) && !isAside(alarm)).sort(compareGravity);
  const head = open[0];
  if (!head) {
    return null;
  }
  const cells = [...new Set(open.map((alarm) => alarm.cell))].sort(compareNames);
  const known = open.filter(needsAcknowledgement).length;
  // The gateway bounds its lists: where it counts more alarms than are known here, its count holds.
  const isComplete = !incident || group.length >= incident.alarmCount;
  const told = (incident?.benches.length ?? 0) > 0 ? incident!.benches : cells.flatMap((cell) => benches.get(cell) ?? []);
  return {
    key,
    incident: head.incident ?? null,
    priority: priorityOf(head),
    head,
    firstOut: incident?.firstOut ?? group.reduce((first, alarm) => (onsetOf(alarm) < onsetOf(first) ? alarm : first)),
    alarms: open,
    all: open.length === group.length ? open : [...open, ...group.filter((alarm) => !isOpen(alarm) || isAside(alarm)).sort(compareAlarms)],
    cells,
    cellCount: Math.max(cells.length, isComplete ? 0 : incident.cells),
    benches: [...new Set(told)].sort(compareNames),
    openedAt: incident?.openedAt ?? Math.min(...group.map((alarm) => alarm.raisedAt)),
    alarmCount: Math.max(group.length, incident?.alarmCount ?? 0),
    unacknowledged: isComplete ? known : Math.max(known, incident.unacknowledged),
    active: open.some(isActive),
    escalation: Math.max(incident?.escalation ?? 0, ...open.map((alarm) => alarm.escalation ?? 0)),
    acknowledgedBy: [...new Set(open.flatMap((alarm) => (alarm.acknowledgedBy !== null && !needsAcknowledgement(alarm) ? [alarm.acknowledgedBy] : [])))],
  };
}

const onsetOf = (alarm: Alarm): number => alarm.onset ?? alarm.raisedAt;

/** The gravest first, whether it is still active or not; among equals as everywhere. */
const compareGravity = (a: Alarm, b: Alarm): number => priorityRank[priorityOf(b)] - priorityRank[priorityOf(a)] || compareAlarms(a, b);

/** What nobody has acknowledged, and every emergency, before the rest; then by priority, then the newest. */
export function compareCases(a: Case, b: Case): number {
  const urgent = (one: Case): number => Number(one.unacknowledged > 0 || one.priority === 'emergency');
  return (
    urgent(b) - urgent(a) ||
    priorityRank[b.priority] - priorityRank[a.priority] ||
    Number(b.unacknowledged > 0) - Number(a.unacknowledged > 0) ||
    Number(b.active) - Number(a.active) ||
    b.openedAt - a.openedAt ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}
