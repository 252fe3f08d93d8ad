// Whether somebody is just using a list: then it must not move under the pointer or the finger.
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { settle, type Row, type Settled } from '../logic/settle';

/** How long after the last movement a list is still held. Not for ever: a pointer left on a wall screen holds nothing up. */
const restMilliseconds = 4000;

const signs = ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focusin'] as const;

/** True while a person points at the element or works in it with keys. */
export function useInUse(element: RefObject<HTMLElement | null>): boolean {
  const [inUse, setInUse] = useState(false);
  useEffect(() => {
    const watched = element.current;
    if (!watched) {
      return undefined;
    }
    let timer = 0;
    const release = (): void => {
      clearTimeout(timer);
      setInUse(false);
    };
    const used = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(release, restMilliseconds);
      setInUse(true);
    };
    for (const sign of signs) {
      watched.addEventListener(sign, used, { passive: true });
    }
    watched.addEventListener('pointerleave', release);
    return () => {
      clearTimeout(timer);
      for (const sign of signs) {
        watched.removeEventListener(sign, used);
      }
      watched.removeEventListener('pointerleave', release);
    };
  }, [element]);
  return inUse;
}

/** The rows of a list that keeps still while `held`. `letIn` takes up what waits. */
export function useSettled<T>(items: readonly T[], keyOf: (item: T) => string, held: boolean, about: string): Settled<T> & { readonly letIn: () => void } {
  const rows = useRef<{ readonly about: string; readonly rows: readonly Row<T>[] }>({ about, rows: [] });
  const [, force] = useState(0);
  // Another view or filter is another list.
  const settled = settle(rows.current.about === about ? rows.current.rows : [], items, keyOf, held);
  rows.current = { about, rows: settled.rows };
  const letIn = (): void => {
    rows.current = { about, rows: [] };
    force((n) => n + 1);
  };
  return { ...settled, letIn };
}
