// The screen's own clock: one timer a second for everything that ages by itself.
import { useEffect, useState } from 'preact/hooks';
import type { Instant } from '../logic/staleness';
import { ZoneClock } from '../logic/time';
import { instantNow } from './store';

type Listener = (now: Instant) => void;

const listeners = new Set<Listener>();
let timer = 0;
let current = instantNow();

const tick = (): void => {
  current = instantNow();
  for (const listener of [...listeners]) {
    listener(current);
  }
};

/** The moment of the last tick; renders the component each second while `ticking`. */
export function useNow(ticking = true): Instant {
  const [, force] = useState(0);
  useEffect(() => {
    if (!ticking) {
      return undefined;
    }
    const listener = (): void => force((n) => n + 1);
    listeners.add(listener);
    if (timer === 0) {
      timer = window.setInterval(tick, 1000);
    }
    return () => {
      listeners.delete(listener);
    };
  }, [ticking]);
  return current;
}

/** Times in the zone of whoever looks. */
export const clock = new ZoneClock(undefined, new Date());
