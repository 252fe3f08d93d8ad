// What every part of the session's screen shares: the session, who acts, and one order at a time.
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { AbuseRecord } from '../api/abuse-types';
import type { Standing } from '../logic/abuse';
import type { Person } from '../parts/person';
import type { AbuseFeed, Part } from '../state/abuse-feed';

export interface Desk {
  readonly feed: AbuseFeed;
  readonly person: Person;
  /** Sent with each change: null where the person's session says who it is. */
  readonly by: string | null;
  /** False for who may only look. */
  readonly mayAct: boolean;
  /** Gives an order and reads the record anew; what the gateway refuses is told on the screen. True where it was taken. */
  readonly order: (what: () => Promise<unknown>) => Promise<boolean>;
  /** Why the last order was refused; null where it was not. */
  readonly error: string | null;
  /** An order is under way: what is no matter of moments waits for it. */
  readonly isBusy: boolean;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) {
    throw new Error('A part of the session screen stands outside it.');
  }
  return desk;
}

/** Draws the component again when a part of the session changes. */
export function useFeed(feed: AbuseFeed, part: Part): void {
  const [, force] = useState(0);
  useEffect(() => feed.subscribe(part, () => force((n) => n + 1)), [feed, part]);
}

/** Draws the component again so many times a second. */
export function useTick(milliseconds: number): void {
  const [, force] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => force((n) => n + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}

/** The value as it was when the component was drawn last, for handlers that outlive a drawing. */
export function useNewest<T>(value: T): { readonly current: T } {
  const newest = useRef(value);
  newest.current = value;
  return newest;
}

export interface SessionProps {
  readonly record: AbuseRecord;
  readonly standing: Standing;
}
