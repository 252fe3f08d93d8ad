// Requests of the delivery page.
import { change, request } from './client';
import type { DeliveryLine, DeliverySettings, DeliveryStatus, TestOutcome } from './delivery-types';

const base = '/api/v1/delivery';

export const deliveryApi = {
  settings: (signal?: AbortSignal) => request<DeliverySettings>(`${base}/settings`, {}, signal),

  /** `by` names the person where nobody is signed in. */
  save: (settings: DeliverySettings, by: string | null) =>
    change<DeliverySettings>('PUT', `${base}/settings`, by === null ? settings : { ...settings, by }),

  test: (route: string, by: string | null) => change<TestOutcome>('POST', `${base}/test`, by === null ? { route } : { route, by }),

  status: (signal?: AbortSignal) => request<DeliveryStatus>(`${base}/state`, {}, signal),

  log: (before: number | null, state: string, route: string, limit: number, signal?: AbortSignal) => {
    const query = new URLSearchParams({ limit: String(limit) });
    if (before !== null) {
      query.set('before', String(before));
    }
    if (state !== '') {
      query.set('state', state);
    }
    if (route !== '') {
      query.set('route', route);
    }
    return request<DeliveryLine[]>(`${base}/log?${query}`, {}, signal);
  },
};
