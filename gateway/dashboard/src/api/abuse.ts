// Requests of the abuse tests.
import type { AbuseImage, AbuseObservations, AbusePlan, AbuseRecord, PlanProblem, TraceAnswer } from './abuse-types';
import { change, request, upload } from './client';

/** Address of something of a session, also for people to fetch a report by. */
export const abuseAddress = (id: string, what = ''): string => `/api/v1/abuse/${encodeURIComponent(id)}${what === '' ? '' : `/${what}`}`;

/** `by` is left out where the session of the person says who it is. */
export const named = (by: string | null, more: object = {}): object => (by === null ? more : { by, ...more });

/** The same where the body is no order but a thing. */
const asked = (by: string | null): string => (by === null ? '' : `?by=${encodeURIComponent(by)}`);

/** What a session can be told beside its checks, notes and signatures. */
export type AbuseAct = 'arm' | 'trigger' | 'withdraw' | 'end-exposure' | 'end' | 'cancel' | 'stop';

export const abuseApi = {
  plans: (signal?: AbortSignal) => request<AbusePlan[]>('/api/v1/abuse/plans', {}, signal),
  plan: (name: string, version: number | null, signal?: AbortSignal) =>
    request<AbusePlan>(`/api/v1/abuse/plans/${encodeURIComponent(name)}${version === null ? '' : `?version=${version}`}`, {}, signal),
  checkPlan: (plan: unknown) => change<{ readonly problems: readonly PlanProblem[] }>('POST', '/api/v1/abuse/plans/check', plan),
  savePlan: (plan: AbusePlan, by: string | null) => change<AbusePlan>('PUT', `/api/v1/abuse/plans/${encodeURIComponent(plan.name)}${asked(by)}`, plan),

  /** Newest first; `before` is the time at which the oldest one known was made. */
  list: (state: 'open' | 'all', limit: number, before: number | null, signal?: AbortSignal) =>
    request<AbuseRecord[]>(`/api/v1/abuse?state=${state}&limit=${limit}${before === null ? '' : `&before=${before}`}`, {}, signal),
  begin: (plan: string, node: string, channel: string, by: string | null) => change<AbuseRecord>('POST', '/api/v1/abuse', named(by, { plan, node, channel })),
  record: (id: string, signal?: AbortSignal) => request<AbuseRecord>(abuseAddress(id), {}, signal),
  trace: (id: string, after: number, points: number, signal?: AbortSignal) =>
    request<TraceAnswer>(`${abuseAddress(id, 'trace')}?after=${after}&points=${points}`, {}, signal),
  images: (id: string, after: number, limit: number, signal?: AbortSignal) =>
    request<AbuseImage[]>(`${abuseAddress(id, 'images')}?after=${after}&limit=${limit}`, {}, signal),

  check: (id: string, check: string, good: boolean, detail: string | null, by: string | null) =>
    change<unknown>('POST', abuseAddress(id, `checks/${encodeURIComponent(check)}`), named(by, detail === null ? { good } : { good, detail })),
  act: (id: string, act: AbuseAct, by: string | null, note: string | null = null) =>
    change<unknown>('POST', abuseAddress(id, act), named(by, note === null ? {} : { note })),
  note: (id: string, text: string, isDeviation: boolean, by: string | null) => change<unknown>('POST', abuseAddress(id, 'notes'), named(by, { text, isDeviation })),
  observe: (id: string, observations: AbuseObservations, by: string | null) => change<unknown>('PUT', `${abuseAddress(id, 'observations')}${asked(by)}`, observations),
  attach: (id: string, file: File, text: string, by: string | null) => {
    const query = new URLSearchParams({ name: file.name, ...(text === '' ? {} : { text }), ...(by === null ? {} : { by }) });
    return upload<unknown>(`${abuseAddress(id, 'attachments')}?${query}`, file);
  },
  sign: (id: string, meaning: string, by: string | null) => change<unknown>('POST', abuseAddress(id, 'sign'), named(by, { meaning })),
};
