// What a person had before their eyes when they acknowledged, and what has come or become worse since: that is not acknowledged.
import type { Alarm, Severity } from '../api/types';
import { alarmKey, compareAlarms } from './alarms';
import { asksForSomebody } from './cases';

/** An alarm as it was seen, for the gateway. */
export interface SeenAlarm {
  readonly test: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly raisedAt: number;
}

/** Alarms named in one request, so that its body stays within what the gateway takes. */
export const seenMax = 200;

/** What was seen, in as many pieces as requests are needed. */
export function seenOf(alarms: readonly Alarm[]): SeenAlarm[][] {
  const seen = alarms.map(({ test, rule, severity, raisedAt }) => ({ test: test ?? '', rule, severity, raisedAt }));
  return Array.from({ length: Math.ceil(seen.length / seenMax) }, (_, i) => seen.slice(i * seenMax, (i + 1) * seenMax));
}

/** Alarms of a question that are more severe now, or have been raised anew; as they are now. */
export const worseSince = (shown: readonly Alarm[], known: ReadonlyMap<string, Alarm>): Alarm[] =>
  shown.flatMap((alarm) => {
    const now = known.get(alarmKey(alarm));
    return now && (now.severity !== alarm.severity || now.raisedAt > alarm.raisedAt) ? [now] : [];
  });

/** Alarms of an incident that ask for somebody and are not among those shown, the most urgent first. */
export function addedSince(shown: readonly Alarm[], known: ReadonlyMap<string, Alarm>, incident: string): Alarm[] {
  const keys = new Set(shown.map(alarmKey));
  return [...known.values()].filter((alarm) => alarm.incident === incident && asksForSomebody(alarm) && !keys.has(alarmKey(alarm))).sort(compareAlarms);
}
