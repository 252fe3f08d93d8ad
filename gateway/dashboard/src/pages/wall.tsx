// The bench wall: every channel at a glance, the worst first.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Alarm, ChannelState } from '../api/types';
import { alarmKey, compareAlarms, gatewayCell, isOpen } from '../logic/alarms';
import { channelKey, matches, stateWords } from '../logic/cells';
import { count } from '../logic/format';
import { AlarmLine } from '../parts/alarm-line';
import { NoCells } from '../parts/empty';
import { Tile } from '../parts/tile';
import type { CellView } from '../state/reducer';
import { useStore } from '../state/store';
import { recall, remember } from '../state/settings';
import { ordered } from './wall-order';

const none: readonly Alarm[] = [];

type Density = 'roomy' | 'dense';

export function Wall(): JSX.Element {
  const state = useStore((current) => current);
  const [query, setQuery] = useState('');
  const [density, setDensity] = useState<Density | null>(() => recall('density') as Density | null);
  const views = useMemo(() => ordered(state), [state.cells, state.alarmsByCell]);
  const shown = views.filter((view) => matches(view.cell, state.alarmsByCell.get(view.cell.cell) ?? none, query));
  const chosen = density ?? (views.length > 40 ? 'dense' : 'roomy');
  const own = (state.alarmsByCell.get(gatewayCell) ?? none).filter(isOpen).sort(compareAlarms);

  if (!state.loaded) {
    return <main id="main" class="wall"><p class="waiting">Waiting for the gateway’s first list of channels.</p></main>;
  }
  if (views.length === 0) {
    return <main id="main" class="wall"><NoCells mqtt={state.mqtt} /></main>;
  }
  const choose = (next: Density): void => {
    remember('density', next);
    setDensity(next);
  };
  return (
    <main id="main" class="wall">
      <div class="toolbar">
        <h1 class="visually-hidden">Bench</h1>
        <Tally views={views} />
        <div class="tools">
          <label class="filter">
            <span class="visually-hidden">Filter channels</span>
            <input type="search" placeholder="Filter by name, node, state, rule" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
          </label>
          <div class="switch" role="group" aria-label="Tile size">
            <button type="button" aria-pressed={chosen === 'roomy'} onClick={() => choose('roomy')}>Roomy</button>
            <button type="button" aria-pressed={chosen === 'dense'} onClick={() => choose('dense')}>Dense</button>
          </div>
        </div>
      </div>
      {own.length > 0 ? <section class="gateway-alarms" aria-label="Alarms of the gateway itself">{own.map((alarm) => <AlarmLine key={alarmKey(alarm)} alarm={alarm} owner="Gateway" />)}</section> : null}
      {shown.length === 0 ? (
        <p class="waiting">No channel matches “{query}”. <button type="button" class="plain" onClick={() => setQuery('')}>Show all {views.length}</button></p>
      ) : (
        <ol class={`tiles is-${chosen}`} aria-label={query === '' ? 'Channels, the most urgent first' : `Channels matching ${query}`}>
          {shown.map((view) => <Tile key={channelKey(view.cell)} view={view} alarms={state.alarmsByCell.get(view.cell.cell) ?? none} />)}
        </ol>
      )}
    </main>
  );
}

const states: readonly ChannelState[] = ['charging', 'discharging', 'resting', 'ended', 'noData'];

function Tally({ views }: { readonly views: readonly CellView[] }): JSX.Element {
  const silent = views.filter((view) => view.cell.silent && view.cell.state !== 'ended').length;
  return (
    <p class="tally">
      <span><b>{count(views.length)}</b> {views.length === 1 ? 'channel' : 'channels'}</span>
      {states.map((state) => {
        const number = views.filter((view) => view.cell.state === state).length;
        return number > 0 ? <span key={state}><b>{count(number)}</b> {stateWords[state].toLowerCase()}</span> : null;
      })}
      {silent > 0 ? <span class="is-silent"><b>{count(silent)}</b> silent</span> : null}
    </p>
  );
}
