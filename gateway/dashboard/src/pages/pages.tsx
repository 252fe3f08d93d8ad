// The pages by name. All but the bench are fetched when they are first shown, so that the bench is there at once.
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageName, Route } from '../state/route';
import { useStore } from '../state/store';
import { Wall } from './wall';

export interface PageProps {
  readonly route: Route;
}

type Page = ComponentType<PageProps>;

const fetchers: Partial<Record<PageName, () => Promise<Page>>> = {
  alarms: async () => (await import('./alarms')).Alarms,
  delivery: async () => (await import('./delivery')).DeliveryPage,
  cell: async () => (await import('./cell')).CellPage,
  profiles: async () => (await import('./profiles')).ProfilesPage,
  abuse: async () => (await import('./abuse')).AbusePage,
  setup: async () => (await import('./setup')).SetupPage,
  nodes: async () => (await import('./nodes')).NodesPage,
  compare: async () => (await import('./compare')).Compare,
  accounts: async () => (await import('./accounts')).AccountsPage,
  login: async () => (await import('./login')).LoginPage,
};

const fetched = new Map<PageName, Page>([['wall', Wall]]);

/** True for a page of this build; one that is not there is not linked. */
export const pageExists = (page: PageName): boolean => fetched.has(page) || fetchers[page] !== undefined;

export function ShownPage({ route }: PageProps): JSX.Element {
  const [, setArrived] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const fetcher = fetchers[route.page];
  const Shown = fetched.get(route.page) ?? (fetcher ? null : Wall);
  // A page asked for while the gateway was away is fetched once it is back.
  const isLive = useStore((state) => state.link.kind === 'live');
  useEffect(() => {
    if (Shown || !fetcher) {
      return;
    }
    setProblem(null);
    fetcher().then(
      (page) => {
        fetched.set(route.page, page);
        setArrived((count) => count + 1);
      },
      () => setProblem('This page could not be fetched from the gateway. It is tried again when the connection is back.'),
    );
  }, [route.page, Shown, fetcher, isLive]);
  if (Shown) {
    return <Shown key={`${route.page}/${route.name}`} route={route} />;
  }
  return <main id="main" class="page"><h1 class="visually-hidden">PouchMonitor</h1><p role="status">{problem ?? 'One moment …'}</p></main>;
}
