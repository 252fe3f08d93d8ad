// Which page is shown, from the address's hash, so that the gateway only ever serves one file.
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly page: 'wall' }
  | { readonly page: 'alarms' }
  | { readonly page: 'cell'; readonly cell: string };

export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '').split('/');
  if (path[0] === 'alarms') {
    return { page: 'alarms' };
  }
  if (path[0] === 'cell' && path[1]) {
    try {
      return { page: 'cell', cell: decodeURIComponent(path[1]) };
    } catch {
      return { page: 'wall' };
    }
  }
  return { page: 'wall' };
}

export const cellHref = (cell: string): string => `#/cell/${encodeURIComponent(cell)}`;

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => {
      setRoute(parseRoute(location.hash));
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return route;
}
