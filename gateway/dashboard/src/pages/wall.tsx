// The bench wall: every channel at a glance, the worst first.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Alarm } from '../api/types';
import { alarmKey, compareAlarms, gatewayCell, isOpen } from '../logic/alarms';
import { figureNames, figures, type FigureName } from '../logic/overview';
import type { BenchGroup, Sort } from '../logic/wall-layout';
import { AlarmLine } from '../parts/alarm-line';
import { ChannelBox } from '../parts/channel-box';
import { ChannelTable } from '../parts/channel-row';
import { Choice } from '../parts/choice';
import { NoCells } from '../parts/empty';
import { TallyLine } from '../parts/tally';
import { Tile } from '../parts/tile';
import { fillingWindow, useGrowing } from '../state/growing';
import { isKiosk, useTurning } from '../state/kiosk';
import type { Route } from '../state/route';
import { useShortcuts } from '../state/shortcuts';
import { useStore } from '../state/store';
import { formSizes, formWords, forms, usualForm, useWallLayout, useWallView, type Form } from '../state/wall-view';

const none: readonly Alarm[] = [];

export function Wall({ route }: { readonly route: Route }): JSX.Element {
  const loaded = useStore((state) => state.loaded);
  const mqtt = useStore((state) => state.mqtt);
  const total = useStore((state) => state.cells.size);
  const [query, setQuery] = useState('');
  const [view, choose] = useWallView();
  const layout = useWallLayout({ query, sort: view.sort, grouped: view.grouped });
  const form = view.form ?? usualForm(total);
  const most = useGrowing(layout.shown, fillingWindow(...formSizes[form]));
  const search = useRef<HTMLInputElement>(null);
  const kiosk = isKiosk(route);
  useTurning(kiosk, route);
  useShortcuts([
    { keys: '/', words: 'Search the channels', group: 'Bench', run: () => search.current?.focus() },
    ...forms.map((form, at) => ({ keys: String(at + 1), words: formWords[form], group: 'Bench', run: () => choose({ form }) })),
  ]);

  if (!loaded) {
    return <main id="main" class="wall"><h1 class="visually-hidden">Bench</h1><p class="waiting">Waiting for the gateway’s first list of channels.</p></main>;
  }
  if (total === 0) {
    return <main id="main" class="wall"><h1 class="visually-hidden">Bench</h1><NoCells mqtt={mqtt} /></main>;
  }
  return (
    <main id="main" class={`wall is-form-${form}`}>
      <div class="toolbar">
        <h1 class="visually-hidden">Bench</h1>
        <TallyLine tally={layout.tally} />
        {kiosk ? null : (
          <div class="tools">
            <label class="filter">
              <span class="visually-hidden">Filter channels</span>
              <input ref={search} type="search" placeholder="Filter: name, node, bench, state, rule" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
            </label>
            <label class="pick">Order
              <select value={view.sort} onChange={(event) => choose({ sort: event.currentTarget.value as Sort })}>
                <option value="worst">Worst first</option><option value="name">By name</option><option value="age">Oldest reading first</option>
              </select>
            </label>
            <label class="pick">Group
              <select value={view.grouped === null ? 'auto' : view.grouped ? 'bench' : 'none'} onChange={(event) => choose({ grouped: ({ auto: null, bench: true, none: false } as const)[event.currentTarget.value as 'auto'] })}>
                <option value="auto">Automatic</option><option value="bench">By bench</option><option value="none">None</option>
              </select>
            </label>
            {form === 'overview' ? (
              <label class="pick">Figure
                <select value={view.figure} onChange={(event) => choose({ figure: event.currentTarget.value as FigureName })}>
                  {figureNames.map((name) => <option key={name} value={name}>{figures[name].words}{figures[name].unit === '' ? '' : `, ${figures[name].unit}`}</option>)}
                </select>
              </label>
            ) : null}
            <Choice name="form" legend="Form" hidesLegend options={forms.map((value) => [value, formWords[value]] as const)} chosen={form} onChoose={(next: Form) => choose({ form: next })} />
          </div>
        )}
      </div>
      <OwnAlarms />
      {layout.shown === 0 ? (
        <p class="waiting" role="status">No channel matches “{query}”. <button type="button" class="plain" onClick={() => setQuery('')}>Show all {layout.total}</button></p>
      ) : (
        portions(layout.groups, most).map((group) => <Group key={group.bench ?? ''} group={group} form={form} figure={view.figure} query={query} />)
      )}
    </main>
  );
}

/** The first so many channels, in the order of the groups. */
function portions(groups: readonly BenchGroup[], most: number): readonly BenchGroup[] {
  let left = most;
  return groups.flatMap((group) => {
    const keys = left >= group.keys.length ? group.keys : group.keys.slice(0, Math.max(0, left));
    left -= group.keys.length;
    return keys.length === 0 ? [] : [{ ...group, keys }];
  });
}

/** Alarms of the gateway itself, above all channels. */
function OwnAlarms(): JSX.Element | null {
  const alarms = useStore((state) => state.alarmsByCell.get(gatewayCell) ?? none);
  const own = alarms.filter(isOpen).sort(compareAlarms);
  return own.length === 0 ? null : <section class="gateway-alarms" aria-label="Alarms of the gateway itself">{own.map((alarm) => <AlarmLine key={alarmKey(alarm)} alarm={alarm} owner="Gateway" />)}</section>;
}

interface GroupProps {
  readonly group: BenchGroup;
  readonly form: Form;
  readonly figure: FigureName;
  readonly query: string;
}

function Group({ group, form, figure, query }: GroupProps): JSX.Element {
  const label = `${group.bench === null ? 'Channels' : `Channels of ${group.bench}`}${query === '' ? '' : `, matching ${query}`}`;
  const channels = <Channels group={group} form={form} figure={figure} label={label} />;
  if (group.bench === null) {
    return channels;
  }
  return (
    <section class="bench" aria-label={`Bench ${group.bench}`}>
      <header class="bench-head"><h2>{group.bench}</h2><TallyLine tally={group.tally} /></header>
      {channels}
    </section>
  );
}

function Channels({ group, form, figure, label }: Omit<GroupProps, 'query'> & { readonly label: string }): JSX.Element {
  if (form === 'rows') {
    return <ChannelTable keys={group.keys} label={label} />;
  }
  if (form === 'overview') {
    return <ol class="boxes" aria-label={`${label}: ${figures[figure].words}`}>{group.keys.map((key) => <ChannelBox key={key} channel={key} figure={figure} />)}</ol>;
  }
  return <ol class={`tiles is-${form}`} aria-label={label}>{group.keys.map((key) => <Tile key={key} channel={key} level={group.bench === null ? 2 : 3} />)}</ol>;
}
