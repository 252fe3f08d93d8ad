// Which alarms are shown. The choice is kept in the address, so that it can be sent to somebody or kept as a bookmark.
import type { Alarm, Priority } from '../api/types';
import { isOpen, needsAcknowledgement, ownerWords, ruleWords } from './alarms';
import { priorities, priorityOf } from './priorities';

export const filterStates = ['open', 'unacknowledged', 'acknowledged', 'over', 'latched', 'escalated', 'shelved', 'suppressed', 'all'] as const;

export type FilterState = (typeof filterStates)[number];

export const filterStateWords: Readonly<Record<FilterState, string>> = {
  open: 'Open',
  unacknowledged: 'Not acknowledged',
  acknowledged: 'Acknowledged, still active',
  over: 'Over, not acknowledged',
  latched: 'Latched',
  escalated: 'Escalated',
  shelved: 'Shelved',
  suppressed: 'Suppressed by design',
  all: 'All, also those that are over',
};

export interface AlarmFilter {
  /** Empty: every priority. */
  readonly priorities: readonly Priority[];
  /** Empty: any. */
  readonly bench: string;
  readonly cell: string;
  readonly rule: string;
  readonly state: FilterState;
  /** Words that all have to occur. */
  readonly search: string;
}

export const noFilter: AlarmFilter = { priorities: [], bench: '', cell: '', rule: '', state: 'open', search: '' };

export function readFilter(query: URLSearchParams): AlarmFilter {
  const named = (query.get('priority') ?? '').split(',');
  return {
    priorities: priorities.filter((priority) => named.includes(priority)),
    bench: query.get('bench') ?? '',
    cell: query.get('cell') ?? '',
    rule: query.get('rule') ?? '',
    state: filterStates.find((state) => state === query.get('state')) ?? 'open',
    search: query.get('q') ?? '',
  };
}

/** The terms of the address for a filter; what is not chosen is left out. */
export function writeFilter(filter: AlarmFilter, more: Readonly<Record<string, string>> = {}): string {
  const terms = new URLSearchParams();
  const set = (name: string, value: string, usual = ''): void => {
    if (value !== usual) {
      terms.set(name, value);
    }
  };
  for (const [name, value] of Object.entries(more)) {
    set(name, value);
  }
  set('priority', filter.priorities.join(','));
  set('bench', filter.bench);
  set('cell', filter.cell);
  set('rule', filter.rule);
  set('state', filter.state, 'open');
  set('q', filter.search);
  return terms.toString();
}

/** True where the choice is of alarms that ask for nobody. */
export const isOfAside = (filter: AlarmFilter): boolean => filter.state === 'shelved' || filter.state === 'suppressed';

export const isFiltered = (filter: AlarmFilter): boolean => writeFilter(filter) !== '';

function inState(alarm: Alarm, state: FilterState): boolean {
  switch (state) {
    case 'open':
      return isOpen(alarm);
    case 'unacknowledged':
      return needsAcknowledgement(alarm);
    case 'acknowledged':
      return alarm.state === 'acknowledged';
    case 'over':
      return alarm.state === 'returnedUnacknowledged';
    case 'latched':
      return alarm.latched && isOpen(alarm);
    case 'escalated':
      return (alarm.escalation ?? 0) > 0 && isOpen(alarm);
    case 'shelved':
      return Boolean(alarm.shelf) && isOpen(alarm);
    case 'suppressed':
      return Boolean(alarm.suppressedBecause) && isOpen(alarm);
    case 'all':
      return true;
  }
}

/** A test for alarms, made once for a filter. */
export function filterOf(filter: AlarmFilter, benches: ReadonlyMap<string, string>): (alarm: Alarm) => boolean {
  const words = filter.search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (alarm) => {
    const bench = benches.get(alarm.cell) ?? '';
    if (
      !inState(alarm, filter.state) ||
      (filter.priorities.length > 0 && !filter.priorities.includes(priorityOf(alarm))) ||
      (filter.bench !== '' && bench !== filter.bench) ||
      (filter.cell !== '' && alarm.cell !== filter.cell) ||
      (filter.rule !== '' && alarm.rule !== filter.rule)
    ) {
      return false;
    }
    if (words.length === 0) {
      return true;
    }
    const text = [ownerWords(alarm.cell), bench, alarm.rule, ruleWords(alarm.rule), alarm.severity, priorityOf(alarm), alarm.message, alarm.note ?? '', alarm.acknowledgedBy ?? '']
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
