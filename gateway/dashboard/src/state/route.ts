// Which page is shown, from the address's hash, so that the gateway only ever serves one file.
import { useEffect, useState } from 'preact/hooks';

/** Pages by the first part of the hash; `wall` is shown for an empty or unknown one. */
export const pageNames = ['wall', 'alarms', 'cell', 'compare', 'nodes', 'setup', 'profiles', 'abuse', 'delivery', 'accounts', 'login'] as const;

export type PageName = (typeof pageNames)[number];

export interface Route {
  readonly page: PageName;
  /** What follows the page's name, decoded: a cell, a profile. */
  readonly name: string;
  /** What follows a question mark in the hash. */
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', second = ''] = path.split('/');
  const wall: Route = { page: 'wall', name: '', query: new URLSearchParams(query) };
  if (!(pageNames as readonly string[]).includes(first)) {
    return wall;
  }
  try {
    const route: Route = { page: first as PageName, name: decodeURIComponent(second), query: wall.query };
    return route.page === 'cell' && route.name === '' ? wall : route;
  } catch {
    return wall;
  }
}

export const cellHref = (cell: string): string => `#/cell/${encodeURIComponent(cell)}`;

/** The page of one alarm. */
export const alarmHref = (alarm: { readonly cell: string; readonly rule: string }): string =>
  `#/alarms/${encodeURIComponent(`${alarm.cell}/${alarm.rule}`)}`;

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
