// What is wrong with a node, worst first, and the order of the nodes that follows from it.
import type { Cell } from '../api/types';
import type { NodeStatus, Trip } from '../api/nodes-types';
import { compareNames } from './cells';
import { count, dash, fixed } from './format';
import { span } from './time';

export type Gravity = 'bad' | 'warning' | 'note';

export interface Trouble {
  readonly gravity: Gravity;
  readonly words: string;
}

/** Below this Wi-Fi signal connections begin to break, dBm. */
const weakSignalDbm = -80;
/** Behind for longer than this, a node does not catch up by itself soon, seconds. */
const behindSeconds = 60;
/** From this difference on the clocks of node and gateway do not agree, seconds. */
const clockSeconds = 2;
/** Older than this, a calibration is due, days. */
export const calibrationDays = 365;

const gravities: Readonly<Record<Gravity, number>> = { bad: 3, warning: 2, note: 1 };

export interface NodeClock {
  /** Sample time less arrival, seconds: below 0 by the way it takes, above 0 where the node's clock runs ahead. Null without a live sample. */
  readonly offsetSeconds: number | null;
  /** False where a channel's times are estimates, because the node did not know the time. */
  readonly isKnown: boolean;
}

/** The clock as its live channels show it: the sample that took the shortest way tells most. */
export function clockOf(node: string, cells: Iterable<Cell>): NodeClock {
  let offset: number | null = null;
  let isKnown = true;
  for (const cell of cells) {
    if (cell.node !== node || !cell.live || cell.time === null || cell.receivedAt === null) {
      continue;
    }
    isKnown &&= cell.clockKnown ?? true;
    offset = Math.max(offset ?? -Infinity, cell.time - cell.receivedAt);
  }
  return { offsetSeconds: offset, isKnown };
}

/** "0.3 s behind arrival", "5.0 s ahead". */
export function clockWords(clock: NodeClock): string {
  if (clock.offsetSeconds === null) {
    return dash;
  }
  const seconds = Math.abs(clock.offsetSeconds);
  const amount = seconds < 100 ? `${fixed(seconds, 1)} s` : span(seconds);
  return `${amount} ${clock.offsetSeconds > 0 ? 'ahead' : 'behind'}${clock.isKnown ? '' : ', estimated'}`;
}

export const tripWords = (channel: string, trip: Trip): string =>
  `Channel ${channel} tripped: ${trip.cause.replaceAll('-', ' ')}${trip.unit === '' ? '' : `, ${fixed(trip.value, 2)} against ${fixed(trip.limit, 2)} ${trip.unit}`}`;

export function troublesOf(node: NodeStatus, clock: NodeClock): Trouble[] {
  const { health } = node;
  const troubles: Trouble[] = Object.entries(node.trips ?? {}).map(([channel, trip]) => ({ gravity: 'bad', words: tripWords(channel, trip) }));
  const add = (when: boolean, gravity: Gravity, words: string): void => {
    if (when) {
      troubles.push({ gravity, words });
    }
  };
  add(health?.safeMode === true, 'bad', 'Safe mode after a crash loop: takes no samples until it is rebooted');
  add(node.state === 'offline', 'bad', 'Sends nothing: not connected');
  add(node.state === 'unknown', 'warning', 'Not heard since the gateway started');
  const behind = (health?.behindMs ?? 0) / 1000;
  add(behind > behindSeconds, 'warning', `Behind by ${span(behind)}, ${count(health?.backlogFrames ?? 0)} frames wait`);
  add((health?.droppedSamples ?? 0) > 0, 'warning', `${count(health?.droppedSamples)} samples lost, its store was full`);
  add((health?.missedSamples ?? 0) > 0, 'note', `${count(health?.missedSamples)} samples missed, it was too late to take them`);
  const bus = Object.values(health?.busErrors ?? {}).reduce((sum, errors) => sum + errors, 0);
  add(bus > 0, 'note', `${count(bus)} failed transfers to sensors`);
  add(!clock.isKnown, 'warning', 'Does not know the time: the times of its samples are estimates');
  add(clock.isKnown && clock.offsetSeconds !== null && clock.offsetSeconds > clockSeconds, 'warning', `Its clock is ${span(clock.offsetSeconds ?? 0)} ahead of the gateway’s`);
  add((health?.signalDbm ?? 0) < weakSignalDbm, 'note', `Weak signal, ${fixed(health?.signalDbm, 0)} dBm`);
  return troubles.sort((a, b) => gravities[b.gravity] - gravities[a.gravity]);
}

/** Those with the worst trouble first, then by name. */
export function compareNodes(a: { readonly name: string; readonly troubles: readonly Trouble[] }, b: { readonly name: string; readonly troubles: readonly Trouble[] }): number {
  const worst = (troubles: readonly Trouble[]): number => (troubles[0] ? gravities[troubles[0].gravity] : 0);
  return worst(b.troubles) - worst(a.troubles) || compareNames(a.name, b.name);
}

/** "12.3 GB": decimal, as disks are sold and df -H counts. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return dash;
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let rest = value;
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at += 1;
  }
  return `${fixed(rest, at === 0 ? 0 : 1)} ${units[at]}`;
}

export interface Command {
  readonly name: string;
  readonly words: string;
  /** What happens, said before it is sent. */
  readonly effect: string;
  readonly takesChannel: boolean;
  readonly takesSeconds: boolean;
  /** Interrupts a measurement or acts on the cell's relay. */
  readonly isGrave: boolean;
}

/** What may be ordered from the page; the rest (arming, calibration, abuse) is done at the node, with `pouchmonitor node command`. */
export const commands: readonly Command[] = [
  { name: 'identify', words: 'Identify', effect: 'The lamp of the node blinks, so that it can be found.', takesChannel: false, takesSeconds: true, isGrave: false },
  { name: 'capture', words: 'Capture', effect: 'The node sends the last seconds of the channel at its fast rate.', takesChannel: true, takesSeconds: false, isGrave: false },
  { name: 'reset', words: 'Reset protection', effect: 'Ends the latch of a tripped channel. The relay stays open until the channel is armed again.', takesChannel: true, takesSeconds: false, isGrave: true },
  { name: 'trip', words: 'Open relay', effect: 'Opens the relay of the channel at once, as a trip: the current through the cell ends, and the latch holds until it is reset.', takesChannel: true, takesSeconds: false, isGrave: true },
  { name: 'reboot', words: 'Restart', effect: 'The node sends what it has and restarts; its channels are without samples until it is back. Refused while a channel is armed.', takesChannel: false, takesSeconds: false, isGrave: true },
];
