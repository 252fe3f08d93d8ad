// Requests to the gateway. Every failure becomes one sentence a person can act on.
import type { Alarm, Cell, Cycle, Finding, Samples } from './types';

/** A request that did not succeed; the message is meant for the screen. */
export class ApiError extends Error {
  constructor(message: string, readonly status: number | null) {
    super(message);
  }
}

const timeoutMilliseconds = 10_000;

async function request<T>(path: string, init: RequestInit = {}, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { Accept: 'application/json', ...init.headers },
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (cause) {
    if (signal?.aborted) {
      throw cause;
    }
    const late = timeout.aborted;
    throw new ApiError(late ? 'The gateway did not answer within 10 s.' : 'The gateway could not be reached.', null);
  }
  if (!response.ok) {
    throw new ApiError(await errorSentence(response), response.status);
  }
  return (await response.json()) as T;
}

async function errorSentence(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { error?: unknown };
    if (typeof body.error === 'string' && body.error !== '') {
      return body.error;
    }
  } catch {
    // Not JSON: the status line has to do.
  }
  return `The gateway answered ${response.status} ${response.statusText}`.trim() + '.';
}

const cellPath = (cell: string): string => `/api/v1/cells/${encodeURIComponent(cell)}`;

export const api = {
  cells: (signal?: AbortSignal) => request<Cell[]>('/api/v1/cells', {}, signal),
  alarms: (signal?: AbortSignal) => request<Alarm[]>('/api/v1/alarms', {}, signal),
  cycles: (cell: string, signal?: AbortSignal) => request<Cycle[]>(`${cellPath(cell)}/cycles`, {}, signal),
  findings: (cell: string, signal?: AbortSignal) => request<Finding[]>(`${cellPath(cell)}/findings`, {}, signal),

  /** Down-sampled samples, extremes kept; `from` and `to` in seconds of the samples' own clock. */
  samples: (cell: string, from: number | null, to: number | null, points: number, signal?: AbortSignal) => {
    const query = new URLSearchParams({ points: String(points) });
    if (from !== null) {
      query.set('from', from.toFixed(6));
    }
    if (to !== null) {
      query.set('to', to.toFixed(6));
    }
    return request<Samples>(`${cellPath(cell)}/samples?${query}`, {}, signal);
  },

  acknowledge: (cell: string, rule: string, by: string, note: string) =>
    request<Alarm>(`/api/v1/alarms/${encodeURIComponent(cell)}/${encodeURIComponent(rule)}/acknowledge`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ by, note }),
    }),
};
