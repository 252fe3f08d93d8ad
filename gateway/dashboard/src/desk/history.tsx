// The history of all alarms, by cell, rule and time.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { ownerWords, ruleWords } from '../logic/alarms';
import type { AlarmFilter } from '../logic/alarm-filter';
import { compareNames } from '../logic/cells';
import { useStore } from '../state/store';
import { Pick, withAny } from './filter-bar';
import { useRecord } from './record';
import { RecordTable } from './record-table';

const periods: readonly (readonly [string, string])[] = [['1', 'last 24 h'], ['7', 'last 7 days'], ['30', 'last 30 days'], ['', 'all']];

interface HistoryProps {
  readonly filter: AlarmFilter;
  /** Days back; empty for all. */
  readonly days: string;
  readonly onChange: (filter: AlarmFilter, days: string) => void;
}

export function History({ filter, days, onChange }: HistoryProps): JSX.Element {
  const cells = useStore((state) => state.cells);
  const alarms = useStore((state) => state.alarms);
  // Whole minutes, so that the question stays the same from one drawing to the next.
  const from = useMemo(() => (days === '' ? null : Math.floor(Date.now() / 60_000) * 60 - Number(days) * 86_400), [days]);
  const record = useRecord({ cell: filter.cell || null, rule: filter.rule || null, from, to: null });
  const known = [...alarms.values()];
  const names = [...new Set([...known.map((alarm) => alarm.cell), ...[...cells.values()].map((view) => view.cell.cell)])].sort(compareNames);
  const rules = [...new Set(known.map((alarm) => alarm.rule))].sort(compareNames);
  return (
    <>
      <search class="filters">
        <Pick label="Time" value={days} options={periods} onChange={(next) => onChange(filter, next)} />
        <Pick label="Cell" value={filter.cell} options={withAny(names, ownerWords, filter.cell)} onChange={(cell) => onChange({ ...filter, cell }, days)} />
        <Pick label="Rule" value={filter.rule} options={withAny(rules, ruleWords, filter.rule)} onChange={(rule) => onChange({ ...filter, rule }, days)} />
      </search>
      <RecordTable record={record} name={[filter.cell, filter.rule].filter(Boolean).join('-') || 'all'} />
    </>
  );
}
