// What no stream tells is asked for every few seconds while the page is shown; what was heard last stays, with its age.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { Instant } from '../logic/staleness';
import { instantNow } from './store';

export interface Polled<T> {
  readonly value: T | null;
  /** When it was heard; null before the first answer. */
  readonly at: Instant | null;
  readonly problem: string | null;
}

/** Asks at once and then every so many seconds, never twice at a time, and not while the page is hidden. */
export function usePolled<T>(ask: (signal: AbortSignal) => Promise<T>, everySeconds: number): readonly [Polled<T>, () => void] {
  const [state, setState] = useState<Polled<T>>({ value: null, at: null, problem: null });
  const again = useRef<() => void>(() => {});
  useEffect(() => {
    const controller = new AbortController();
    let timer = 0;
    let isAsking = false;
    const poll = async (): Promise<void> => {
      clearTimeout(timer);
      if (!isAsking && !document.hidden) {
        isAsking = true;
        try {
          const value = await ask(controller.signal);
          setState({ value, at: instantNow(), problem: null });
        } catch (cause) {
          if (controller.signal.aborted) {
            return;
          }
          const problem = cause instanceof ApiError ? cause.message : String(cause);
          setState((before) => ({ ...before, problem }));
        } finally {
          isAsking = false;
        }
      }
      timer = window.setTimeout(() => void poll(), everySeconds * 1000);
    };
    again.current = () => void poll();
    const shown = (): void => void (document.hidden || poll());
    document.addEventListener('visibilitychange', shown);
    void poll();
    return () => {
      controller.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, []);
  return [state, () => again.current()];
}
