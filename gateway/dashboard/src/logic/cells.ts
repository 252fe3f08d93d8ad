// What a channel's fields mean to a person: states and sensor faults in words, order on the wall, search.
import type { Alarm, Cell, ChannelState, RunningStep } from '../api/types';
import { isActive, isAside, severityRank } from './alarms';
import { span } from './time';

/** Identity on the screen is the channel: two nodes may carry the same label, and neither may hide the other. */
export const channelKey = (cell: Cell): string => `${cell.node}/${cell.channel}`;

export const stateWords: Readonly<Record<ChannelState, string>> = {
  charging: 'Charging',
  discharging: 'Discharging',
  resting: 'Resting',
  ended: 'Ended',
  noData: 'No data',
};

const stepTexts: Readonly<Record<RunningStep['kind'], string>> = {
  rest: 'Rest',
  charge: 'Charge',
  discharge: 'Discharge',
  constantVoltageCharge: 'Charge at constant voltage',
};

/** "Step 14: Charge, 12 min 03 s so far." */
export const stepWords = (step: RunningStep): string => `Step ${step.number}: ${stepTexts[step.kind]}, ${span(step.elapsedSeconds)} so far.`;

/** The time a step has run in one unit, so that it changes seldom: "12 min". */
export function stepTime(step: RunningStep | null | undefined): string {
  if (!step) {
    return '';
  }
  const seconds = Math.floor(step.elapsedSeconds);
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

const faultTexts: Readonly<Record<string, string>> = {
  absent: 'no such sensor, or nothing was recorded',
  open: 'the sensor circuit is open',
  short: 'the sensor circuit is shorted',
  frozen: 'the sensor repeats one code and is not believed',
  saturated: 'the converter is at the end of its scale',
  outofrange: 'the reading is outside what is physically plausible',
  buserror: 'the transfer from the converter failed',
};

/** A sensor's state in words. */
export const faultWords = (state: string): string =>
  faultTexts[state.toLowerCase().replaceAll(/[^a-z]/g, '')] ?? `sensor state: ${state}`;

/** Short form for a tile. */
export function faultLabel(state: string): string {
  const key = state.toLowerCase().replaceAll(/[^a-z]/g, '');
  return key === 'absent' ? 'no sensor' : key === 'outofrange' ? 'implausible' : key === 'buserror' ? 'bus error' : key;
}

const columnTexts: Readonly<Record<string, string>> = {
  voltage: 'Voltage',
  current: 'Current',
  surface: 'Surface temperature',
  infrared: 'Infrared temperature',
  ambient: 'Ambient temperature',
};

export const columnWords = (column: string): string => columnTexts[column] ?? column;

/** State of the sensor behind a column: null when it is good. */
export const faultOf = (cell: Cell, column: string): string | null =>
  cell.faults.find((fault) => fault.column === column)?.state ?? null;

/**
 * Urgency of one channel: the worst open alarm decides, an active one before one that is over, an unseen one before an
 * acknowledged one; then a silent channel before a running one, and an ended one last.
 */
export function urgency(cell: Cell, alarms: readonly Alarm[]): number {
  let worst = 0;
  for (const alarm of alarms) {
    if (alarm.state === 'normal') {
      continue;
    }
    const seen = alarm.state === 'unacknowledged' && !isAside(alarm) ? 2 : isActive(alarm) ? 1 : 0;
    worst = Math.max(worst, (isActive(alarm) ? 1000 : 500) + severityRank[alarm.severity] * 10 + seen);
  }
  if (worst > 0) {
    return worst;
  }
  if (cell.silent && cell.state !== 'ended') {
    return 100;
  }
  return cell.state === 'ended' ? 1 : cell.state === 'noData' ? 2 : 10;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Names sorted as people count: cell 2 before cell 10. */
export const compareNames = (a: string, b: string): number => byName.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

/** True when every word of the query occurs in the channel's name, node, channel, profile, state or alarm rules. */
export function matches(cell: Cell, alarms: readonly Alarm[], query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) {
    return true;
  }
  const open = alarms.filter((alarm) => alarm.state !== 'normal');
  const text = [
    cell.cell,
    cell.node,
    cell.bench ?? '',
    cell.channel,
    cell.profile ?? '',
    stateWords[cell.state],
    cell.silent ? 'silent' : '',
    ...open.map((alarm) => `${alarm.rule} ${alarm.severity}`),
  ]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
