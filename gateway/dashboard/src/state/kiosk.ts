// The wall screen, `#/?kiosk`: nothing to press, large, and where not all fits it turns over by itself, `#/?kiosk&every=20`, seconds.
import { useEffect } from 'preact/hooks';
import type { Route } from './route';

const usualSeconds = 20;
const leastSeconds = 5;

/** In the address's own query or in that of the hash. */
const asked = (route: Route, name: string): string | null => route.query.get(name) ?? new URLSearchParams(location.search).get(name);

export const isKiosk = (route: Route): boolean => route.page === 'wall' && asked(route, 'kiosk') !== null;

/** Turns a screenful further every so often while the page is longer than the screen, and from the end back to the top. */
export function useTurning(on: boolean, route: Route): void {
  const every = Number(asked(route, 'every') ?? usualSeconds);
  useEffect(() => {
    if (!on || !(every > 0)) {
      return undefined;
    }
    const turn = (): void => {
      const root = document.documentElement;
      const isEnd = root.scrollTop + root.clientHeight >= root.scrollHeight - 4;
      // A third of the old screen stays, so that a row cut at the edge is seen whole.
      window.scrollTo({ top: isEnd ? 0 : root.scrollTop + (root.clientHeight * 2) / 3 });
    };
    const timer = window.setInterval(turn, Math.max(leastSeconds, every) * 1000);
    return () => clearInterval(timer);
  }, [on, every]);
}
