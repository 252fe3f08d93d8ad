// The screen's own clock: one timer a second for everything that ages by itself.
import { useEffect, useState } from 'preact/hooks';
import type { Instant } from '../logic/staleness';
import { ZoneClock } from '../logic/time';
import { recall, remember } from './settings';
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

/** Now, in Unix seconds, for what is drawn only when it changes. */
export const nowSeconds = (): number => Date.now() / 1000;

export type Zone = 'local' | 'utc';

const made = (zone: Zone): ZoneClock => new ZoneClock(zone === 'utc' ? 'UTC' : undefined, new Date());

const storedZone = (): Zone => (recall('zone') === 'utc' ? 'utc' : 'local');

/** Times in the zone that the viewer chose: the browser's own, or UTC. */
class ShownClock {
  choice: Zone = storedZone();
  private zoned = made(this.choice);

  choose(zone: Zone): void {
    this.choice = zone;
    this.zoned = made(zone);
  }

  get zone(): string | undefined {
    return this.zoned.zone;
  }

  get zoneName(): string {
    return this.zoned.zoneName;
  }

  timeOfDay(unixSeconds: number): string {
    return this.zoned.timeOfDay(unixSeconds);
  }

  day(unixSeconds: number): string {
    return this.zoned.day(unixSeconds);
  }

  moment(unixSeconds: number, nowUnixSeconds: number): string {
    return this.zoned.moment(unixSeconds, nowUnixSeconds);
  }

  full(unixSeconds: number): string {
    return this.zoned.full(unixSeconds);
  }
}

export const clock = new ShownClock();

export const localZoneName = (): string => made('local').zoneName;

const zoneListeners = new Set<() => void>();

/** The chosen zone, and how to choose another. The page is built anew then, since every plot and every age names times. */
export function useZone(): readonly [Zone, (zone: Zone) => void] {
  const [, force] = useState(0);
  useEffect(() => {
    const listener = (): void => force((n) => n + 1);
    zoneListeners.add(listener);
    return () => {
      zoneListeners.delete(listener);
    };
  }, []);
  const choose = (zone: Zone): void => {
    clock.choose(zone);
    remember('zone', zone === 'local' ? null : zone);
    zoneListeners.forEach((listener) => listener());
  };
  return [clock.choice, choose];
}
