// What the alarm desk asks of the gateway. Every change is answered only once it is recorded.
import { change, request } from './client';
import type { Incident, Statistics, Transition } from './desk-types';
import { seenOf, type SeenAlarm } from '../logic/seen';
import type { Alarm } from './types';

const alarmPath = (alarm: { readonly cell: string; readonly rule: string }): string =>
  `/api/v1/alarms/${encodeURIComponent(alarm.cell)}/${encodeURIComponent(alarm.rule)}`;

/** A cell may have the same rule in two tests: which is meant is always said. */
const ofTest = (alarm: Alarm): object => (alarm.test === null ? {} : { test: alarm.test });

/** `by` is left out where the session already says who it is. */
const named = (by: string | null, more: object): object => (by === null ? more : { by, ...more });

/** Which lines of the record are asked for; null leaves a bound open. */
export interface HistoryQuery {
  readonly cell: string | null;
  readonly rule: string | null;
  /** Unix seconds. */
  readonly from: number | null;
  readonly to: number | null;
}

export const desk = {
  incidents: (signal?: AbortSignal) => request<Incident[]>('/api/v1/incidents?state=open&limit=500', {}, signal),

  /** Only as it was seen: where it has become worse since, the gateway refuses. */
  acknowledge: (alarm: Alarm, by: string | null, note: string) =>
    change<Alarm>('POST', `${alarmPath(alarm)}/acknowledge`, named(by, { note, seen: seenOf([alarm])[0], ...ofTest(alarm) })),

  /** Only what was seen; the answer's `unacknowledged` says how many are left. */
  acknowledgeIncident: (incident: string, by: string | null, note: string, seen: readonly SeenAlarm[]) =>
    change<Incident>('POST', `/api/v1/incidents/${encodeURIComponent(incident)}/acknowledge`, named(by, { note, seen })),

  shelve: (alarm: Alarm, by: string | null, reason: string, seconds: number) =>
    change<Alarm>('POST', `${alarmPath(alarm)}/shelve`, named(by, { reason, seconds, ...ofTest(alarm) })),

  unshelve: (alarm: Alarm, by: string | null) => change<Alarm>('POST', `${alarmPath(alarm)}/unshelve`, named(by, ofTest(alarm))),

  reset: (alarm: Alarm, by: string | null, note: string) => change<Alarm>('POST', `${alarmPath(alarm)}/reset`, named(by, { note, ...ofTest(alarm) })),

  /** Newest first; `before` is the id of the oldest line already known. */
  history: (query: HistoryQuery, before: number | null, limit: number, signal?: AbortSignal) => {
    const terms = new URLSearchParams({ limit: String(limit) });
    for (const [name, value] of Object.entries({ ...query, before })) {
      if (value !== null && value !== '') {
        terms.set(name, String(value));
      }
    }
    return request<Transition[]>(`/api/v1/alarms/history?${terms}`, {}, signal);
  },

  statistics: (weeks: number, signal?: AbortSignal) => request<Statistics>(`/api/v1/alarms/statistics?weeks=${weeks}`, {}, signal),
};
