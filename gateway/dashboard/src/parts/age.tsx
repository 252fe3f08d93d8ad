// The age of a reading: ticks by itself, and says in words when it is no longer fresh.
import type { JSX } from 'preact';
import { ageAt, freshness, type Freshness } from '../logic/staleness';
import { span } from '../logic/time';
import { clock, useNow } from '../state/clock';
import type { CellView } from '../state/reducer';

export function useAge(view: CellView, ticking = true): { readonly age: number | null; readonly fresh: Freshness } {
  const age = ageAt(view.cell.ageSeconds, view.arrived, useNow(ticking));
  return { age, fresh: freshness(age, view.cell.silent) };
}

const leads: Readonly<Record<Freshness, string>> = { fresh: '', aging: '', stale: 'stale, ', silent: 'silent, ', none: '' };

/** "2 s ago", "stale, 1 min 04 s ago", "no sample yet". An ended test is old by nature and said so calmly. */
export function Age({ view, ticking = true }: { readonly view: CellView; readonly ticking?: boolean }): JSX.Element {
  const { age, fresh } = useAge(view, ticking);
  const { cell } = view;
  const title = cell.time === null ? 'No sample has arrived.' : `Last sample taken at ${clock.full(cell.time)}.`;
  if (age === null) {
    return <span class="age is-none" title={title}>no sample yet</span>;
  }
  if (cell.state === 'ended') {
    return <span class="age is-over" title={title}>{`${span(age)} ago`}</span>;
  }
  return (
    <span class={`age is-${fresh}`} title={title}>
      {`${leads[fresh]}${span(age)} ago`}
    </span>
  );
}
