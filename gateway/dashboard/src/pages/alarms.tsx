// The alarm desk: what is open, what was, how often, and each alarm's own page.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { AlarmDetail } from '../desk/detail';
import { History } from '../desk/history';
import { OpenAlarms } from '../desk/open-alarms';
import { Statistics } from '../desk/statistics';
import { readFilter, writeFilter, type AlarmFilter } from '../logic/alarm-filter';
import { SoundSettings } from '../parts/sound-settings';
import '../styles/desk.css';
import type { PageProps } from './pages';

const views = { incidents: 'Incidents', list: 'List', history: 'History', statistics: 'Statistics' } as const;

type View = keyof typeof views;

const isView = (name: string | null): name is View => name !== null && name in views;

export function Alarms({ route }: PageProps): JSX.Element {
  const asked = route.query.get('view');
  const view: View = isView(asked) ? asked : 'incidents';
  const query = route.query.toString();
  const [filter, setFilter] = useState(() => readFilter(route.query));
  const [days, setDays] = useState(() => route.query.get('days') ?? '');
  useEffect(() => {
    setFilter(readFilter(new URLSearchParams(query)));
    setDays(new URLSearchParams(query).get('days') ?? '');
  }, [query]);

  /** Kept in the address without a step in the browser's history for each letter. */
  const onFilter = (next: AlarmFilter): void => {
    setFilter(next);
    history.replaceState(null, '', hrefOf(view, next, days));
  };
  const onPeriod = (next: AlarmFilter, of: string): void => {
    setFilter(next);
    setDays(of);
    history.replaceState(null, '', hrefOf(view, next, of));
  };

  if (route.name !== '') {
    return <AlarmDetail name={route.name} />;
  }

  return (
    <main id="main" class="alarms">
      <div class="toolbar">
        <h1>Alarms</h1>
        <nav class="switch" aria-label="Views of the alarms">
          {(Object.keys(views) as View[]).map((name) => <a key={name} href={hrefOf(name, filter)} aria-current={name === view ? 'page' : undefined}>{views[name]}</a>)}
        </nav>
        <SoundSettings />
      </div>
      {view === 'incidents' || view === 'list' ? <OpenAlarms view={view} filter={filter} onFilter={onFilter} /> : view === 'history' ? <History filter={filter} days={days} onChange={onPeriod} /> : <Statistics />}
    </main>
  );
}

function hrefOf(view: View, filter: AlarmFilter, days = ''): string {
  const terms = writeFilter(filter, { view: view === 'incidents' ? '' : view, days: view === 'history' ? days : '' });
  return `#/alarms${terms === '' ? '' : `?${terms}`}`;
}
