// How long an alarm may be put aside.
import type { Alarm } from '../api/types';
import { priorityOf } from './priorities';

/** Shortest and longest time on the shelf, and the longest for an emergency, in seconds; the gateway holds to the same. */
export const shelfSeconds = { least: 60, most: 7 * 86_400, mostEmergency: 900 } as const;

export interface ShelfPreset {
  readonly words: string;
  readonly seconds: number;
  /** False where one of the alarms must not be away for so long. */
  readonly allowed: boolean;
}

/** The longest time for all of these alarms together, in seconds. */
export const longestShelf = (alarms: readonly Alarm[]): number =>
  alarms.some((alarm) => priorityOf(alarm) === 'emergency') ? shelfSeconds.mostEmergency : shelfSeconds.most;

/** Seconds from `now` to eight in the morning of the next day, in the zone of whoever looks. */
export function secondsUntilTomorrowAtEight(now: Date): number {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8);
  return Math.round((morning.getTime() - now.getTime()) / 1000);
}

export function shelfPresets(alarms: readonly Alarm[], now: Date): ShelfPreset[] {
  const longest = longestShelf(alarms);
  const presets: readonly (readonly [string, number])[] = [['15 min', 900], ['1 h', 3600], ['8 h', 28_800], ['until tomorrow 8:00', secondsUntilTomorrowAtEight(now)]];
  return presets.map(([words, seconds]) => ({ words, seconds, allowed: seconds <= longest }));
}
