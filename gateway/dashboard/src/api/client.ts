// Requests to the gateway. Every failure becomes one sentence a person can act on.
import type { Alarm, Cell } from './types';

/** A request that did not succeed; the message is meant for the screen. */
export class ApiError extends Error {
  constructor(message: string, readonly status: number | null) {
    super(message);
  }
}

const timeoutMilliseconds = 10_000;

export async function request<T>(path: string, init: RequestInit = {}, signal?: AbortSignal, patience = timeoutMilliseconds): Promise<T> {
  const timeout = AbortSignal.timeout(patience);
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
    throw new ApiError(late ? `The gateway did not answer within ${patience / 1000} s.` : 'The gateway could not be reached.', null);
  }
  if (response.status === 401) {
    signedOut();
  }
  if (!response.ok) {
    throw new ApiError(await errorSentence(response), response.status);
  }
  return (response.status === 204 ? null : await response.json()) as T;
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

/** Told when the gateway asks to sign in. */
export let signedOut: () => void = () => {};

export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

let csrf: string | null = null;

/** Kept in memory only; every change carries it. */
export function setCsrf(token: string | null): void {
  csrf = token;
}

/** A change: JSON in, JSON out. */
export const change = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> =>
  request<T>(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(csrf === null ? {} : { 'X-PouchMonitor-Csrf': csrf }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** A file takes its time over a slow link. */
const uploadMilliseconds = 120_000;

/** A file as it is, with its own media type. */
export const upload = <T>(path: string, file: File): Promise<T> =>
  request<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': file.type || 'application/octet-stream', ...(csrf === null ? {} : { 'X-PouchMonitor-Csrf': csrf }) },
    body: file,
  }, undefined, uploadMilliseconds);

export const api = {
  cells: (signal?: AbortSignal) => request<Cell[]>('/api/v1/cells', {}, signal),
  alarms: (signal?: AbortSignal) => request<Alarm[]>('/api/v1/alarms', {}, signal),
};
