// Long lists come in portions: what fits on the screen at once, the rest while the browser has nothing better to do.
import { useEffect, useState } from 'preact/hooks';

/** What is at most rendered before anything shows. */
const firstPortionMax = 60;
const portion = 60;
/** The rest comes at the latest after so long, milliseconds, also while the page is busy. */
const patienceMilliseconds = 300;

/** How many items of a size, CSS pixels, fill the window: a screen of large tiles is full with a few, and shows the sooner. */
export const fillingWindow = (width: number, height: number): number =>
  Math.max(1, Math.floor(window.innerWidth / width)) * Math.ceil(window.innerHeight / height);

/** How many of so many are to be rendered now; at first as many as fill the window. */
export function useGrowing(total: number, filling = firstPortionMax): number {
  const [grown, setGrown] = useState(0);
  const most = Math.min(filling, firstPortionMax) + grown;
  const isWhole = most >= total;
  useEffect(() => {
    if (isWhole) {
      return undefined;
    }
    const grow = (): void => setGrown((before) => before + portion);
    if (typeof requestIdleCallback === 'undefined') {
      const timer = setTimeout(grow, 30);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(grow, { timeout: patienceMilliseconds });
    return () => cancelIdleCallback(handle);
  }, [most, isWhole]);
  return most;
}
