// What stands where on the bench wall. Pure, and cheap to ask again: hundreds of channels change each second, their order hardly ever.
import type { Alarm } from '../api/types';
import type { CellView, DashboardState } from '../state/reducer';
import { isActive, severityRank, severities } from './alarms';
import { channelKey, compareNames, matches, urgency } from './cells';
import { agingAfterSeconds } from './staleness';

export type Sort = 'worst' | 'name' | 'age';

export interface WallOptions {
  readonly query: string;
  readonly sort: Sort;
  /** By bench; null leaves it to whether benches are named. */
  readonly grouped: boolean | null;
}

/** How many channels of a bench do what. Silent ones and those with alarms are among the others. */
export interface Tally {
  readonly channels: number;
  readonly charging: number;
  readonly discharging: number;
  readonly resting: number;
  readonly ended: number;
  readonly noData: number;
  readonly silent: number;
  /** Channels with an active alarm, by the worst of each, from the worst severity down. */
  readonly alarms: readonly number[];
}

export interface BenchGroup {
  /** Null where the channels are not grouped. */
  readonly bench: string | null;
  readonly keys: readonly string[];
  readonly tally: Tally;
}

export interface WallLayout {
  readonly groups: readonly BenchGroup[];
  readonly total: number;
  readonly shown: number;
  readonly tally: Tally;
}

interface Entry {
  readonly key: string;
  readonly view: CellView;
  readonly rank: number;
  readonly worst: number;
}

const none: readonly Alarm[] = [];

/** Ages are compared in steps of so many seconds, so that readings which come and go do not swap places. */
const ageStepSeconds = 10;

/** The bench of a channel: its node while nobody has named one. */
export const benchOf = (view: CellView): string => view.cell.bench ?? view.cell.node;

/** Lays the wall out; gives the same object again while nothing has moved. */
export class WallPlanner {
  private signature = '';
  private last: WallLayout | null = null;
  private names = '';
  private nameRanks = new Map<string, number>();

  plan(state: DashboardState, options: WallOptions): WallLayout {
    const entries: Entry[] = [];
    let signature = `${options.sort} ${options.grouped} ${state.cells.size} ${options.query}`;
    for (const [key, view] of state.cells) {
      const alarms = state.alarmsByCell.get(view.cell.cell) ?? none;
      if (!matches(view.cell, alarms, options.query)) {
        continue;
      }
      const entry = { key, view, rank: rankOf(view, alarms, options.sort), worst: worstOf(alarms) };
      entries.push(entry);
      signature += `\n${key} ${view.cell.cell} ${view.cell.bench ?? ''} ${entry.rank} ${entry.worst} ${view.cell.state} ${view.cell.silent}`;
    }
    if (this.last === null || signature !== this.signature) {
      this.signature = signature;
      this.last = this.layOut(entries, state.cells.size, options);
    }
    return this.last;
  }

  private layOut(entries: Entry[], total: number, options: WallOptions): WallLayout {
    const grouped = options.grouped ?? isWorthGrouping(entries);
    const names = this.ranksOf(entries);
    const nameRank = (entry: Entry): number => names.get(nameOf(entry)) ?? 0;
    entries.sort((a, b) => b.rank - a.rank || nameRank(a) - nameRank(b));
    const whole = tallyOf(entries);
    if (!grouped) {
      return { groups: entries.length === 0 ? [] : [{ bench: null, keys: entries.map((entry) => entry.key), tally: whole }], total, shown: entries.length, tally: whole };
    }
    const benches = new Map<string, Entry[]>();
    for (const entry of entries) {
      const bench = benchOf(entry.view);
      const list = benches.get(bench);
      if (list) {
        list.push(entry);
      } else {
        benches.set(bench, [entry]);
      }
    }
    // The entries are in order, so the bench with the worst channel comes first; by name, the benches follow their own.
    const order = [...benches.keys()];
    if (options.sort === 'name') {
      order.sort(compareNames);
    }
    const groups = order.map((bench): BenchGroup => {
      const list = benches.get(bench) ?? [];
      return { bench, keys: list.map((entry) => entry.key), tally: tallyOf(list) };
    });
    return { groups, total, shown: entries.length, tally: whole };
  }

  /** Place of each name among all; worked out again only when the names change, since comparing as people count is slow. */
  private ranksOf(entries: readonly Entry[]): ReadonlyMap<string, number> {
    const all = entries.map(nameOf);
    const joined = all.join('\n');
    if (joined !== this.names) {
      this.names = joined;
      this.nameRanks = new Map(all.sort(compareNames).map((name, rank) => [name, rank]));
    }
    return this.nameRanks;
  }
}

/** Benches somebody has named, and more than one. */
const isWorthGrouping = (entries: readonly Entry[]): boolean =>
  entries.some(({ view }) => benchOf(view) !== view.cell.node) && new Set(entries.map(({ view }) => benchOf(view))).size > 1;

const nameOf = ({ view }: Entry): string => `${view.cell.cell} ${channelKey(view.cell)}`;

function rankOf(view: CellView, alarms: readonly Alarm[], sort: Sort): number {
  if (sort === 'name') {
    return 0;
  }
  if (sort === 'worst') {
    return urgency(view.cell, alarms);
  }
  const age = view.cell.ageSeconds;
  return view.cell.state === 'ended' ? -1 : age === null ? Number.MAX_SAFE_INTEGER : age <= agingAfterSeconds ? 0 : Math.floor(age / ageStepSeconds);
}

function worstOf(alarms: readonly Alarm[]): number {
  let worst = 0;
  for (const alarm of alarms) {
    if (isActive(alarm)) {
      worst = Math.max(worst, severityRank[alarm.severity]);
    }
  }
  return worst;
}

function tallyOf(entries: readonly Entry[]): Tally {
  const states = { charging: 0, discharging: 0, resting: 0, ended: 0, noData: 0 };
  const byRank = [0, 0, 0, 0, 0];
  let silent = 0;
  for (const { view, worst } of entries) {
    states[view.cell.state] += 1;
    silent += Number(view.cell.silent && view.cell.state !== 'ended');
    byRank[worst] = (byRank[worst] ?? 0) + 1;
  }
  return { channels: entries.length, ...states, silent, alarms: severities.map((severity) => byRank[severityRank[severity]] ?? 0) };
}
