// The choice of alarms: priorities as switches, the rest as lists, and a search. Kept in the address.
import type { JSX, RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Alarm, Priority } from '../api/types';
import { ownerWords, ruleWords } from '../logic/alarms';
import { filterStates, filterStateWords, isFiltered, noFilter, type AlarmFilter } from '../logic/alarm-filter';
import { compareNames } from '../logic/cells';
import { priorities, priorityOf, priorityWords, severityOf } from '../logic/priorities';
import { SeverityIcon } from '../parts/icons';

interface FilterBarProps {
  readonly filter: AlarmFilter;
  readonly alarms: readonly Alarm[];
  readonly benches: ReadonlyMap<string, string>;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onChange: (filter: AlarmFilter) => void;
}

export function FilterBar({ filter, alarms, benches, search, onChange }: FilterBarProps): JSX.Element {
  const counts = new Map<Priority, number>();
  for (const alarm of alarms) {
    const priority = priorityOf(alarm);
    counts.set(priority, (counts.get(priority) ?? 0) + 1);
  }
  const cells = sorted(alarms.map((alarm) => alarm.cell));
  const set = (change: Partial<AlarmFilter>): void => onChange({ ...filter, ...change });
  const toggle = (priority: Priority): void =>
    set({ priorities: priorities.filter((other) => (other === priority) !== filter.priorities.includes(other)) });
  const chosen = [filter.bench, filter.cell, filter.rule, filter.state === 'open' ? '' : filter.state].filter((value) => value !== '').length;
  const narrow = useMemo(() => window.matchMedia('(max-width: 640px)').matches, []);
  return (
    <search class="filters">
      <div class="switch" role="group" aria-label="Priorities shown" aria-describedby="filter-counts">
        {priorities.map((priority) => (
          <button key={priority} type="button" class={`sev-${severityOf[priority]}`} aria-pressed={filter.priorities.includes(priority)} onClick={() => toggle(priority)}>
            <SeverityIcon severity={severityOf[priority]} filled={(counts.get(priority) ?? 0) > 0} size={15} />{priorityWords[priority]} <b>{counts.get(priority) ?? 0}</b>
          </button>
        ))}
      </div>
      <label class="find"><span class="visually-hidden">Search alarms</span><input ref={search} type="search" placeholder="Search: cell, rule, bench, note" value={filter.search} onInput={(event) => set({ search: event.currentTarget.value })} /></label>
      <details class="more-filters" open={!narrow || chosen > 0}>
        <summary>Filters{chosen > 0 ? ` (${chosen} chosen)` : ''}</summary>
        <div class="picks">
        <Pick label="State" value={filter.state} options={filterStates.map((state) => [state, filterStateWords[state]])} onChange={(state) => set({ state: state as AlarmFilter['state'] })} />
        <Pick label="Bench" value={filter.bench} options={withAny(sorted(cells.flatMap((cell) => benches.get(cell) ?? [])), (bench) => bench, filter.bench)} onChange={(bench) => set({ bench })} />
        <Pick label="Cell" value={filter.cell} options={withAny(cells, ownerWords, filter.cell)} onChange={(cell) => set({ cell })} />
        <Pick label="Rule" value={filter.rule} options={withAny(sorted(alarms.map((alarm) => alarm.rule)), ruleWords, filter.rule)} onChange={(rule) => set({ rule })} />
        </div>
      </details>
      <p id="filter-counts" class="hint">Numbers here count open alarms by priority, acknowledged ones too; the banner above counts by severity those that nobody has acknowledged.</p>
      {isFiltered(filter) ? <button type="button" class="plain" onClick={() => onChange(noFilter)}>Show all</button> : null}
    </search>
  );
}

type Option = readonly [value: string, words: string];

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort(compareNames);

/** What is chosen stays in the list, also when no alarm has it now. */
export const withAny = (names: readonly string[], words: (name: string) => string, chosen: string): Option[] => [
  ['', 'any'],
  ...(chosen === '' || names.includes(chosen) ? names : [chosen, ...names]).map((name): Option => [name, words(name)]),
];

export function Pick({ label, value, options, onChange }: { readonly label: string; readonly value: string; readonly options: readonly Option[]; readonly onChange: (value: string) => void }): JSX.Element {
  return (
    <label class="pick">{label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>{options.map(([of, words]) => <option key={of} value={of}>{words}</option>)}</select>
    </label>
  );
}
