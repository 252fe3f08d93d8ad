// What the screen knows, and how each message changes it. Pure: time is an argument, untouched channels keep their object.
import type { Incident } from '../api/desk-types';
import type { Alarm, Cell, Hello } from '../api/types';
import { alarmKey, isActive } from '../logic/alarms';
import { channelKey } from '../logic/cells';
import type { Instant } from '../logic/staleness';

/** A channel as last heard of, and when. */
export interface CellView {
  readonly cell: Cell;
  readonly arrived: Instant;
}

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly since: Instant }
  | {
      readonly kind: 'lost';
      /** When the last message came; null when none ever did. */
      readonly lastHeard: Instant | null;
      readonly since: Instant;
      readonly attempt: number;
      /** When the next attempt is made; null while one is under way. */
      readonly retryAt: Instant | null;
    };

export interface DashboardState {
  readonly link: Link;
  readonly version: string | null;
  /** Where nodes connect, as the gateway says; null when it does not. */
  readonly mqtt: string | null;
  /** False until the first complete list of channels has come. */
  readonly loaded: boolean;
  /** Channels by node and channel name. */
  readonly cells: ReadonlyMap<string, CellView>;
  /** False until the list of alarms has been read: none seen is not none there. */
  readonly alarmsKnown: boolean;
  /** Lists whose last reading failed: what is shown of them may be old or not whole. */
  readonly oldLists: { readonly alarms: boolean; readonly incidents: boolean };
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** Alarms of one cell; rebuilt only for the cells whose alarms changed. */
  readonly alarmsByCell: ReadonlyMap<string, readonly Alarm[]>;
  /** Open incidents by their name, as far as the gateway has told of them. */
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly lastHeard: Instant | null;
}

export const emptyState: DashboardState = {
  link: { kind: 'connecting' },
  version: null,
  mqtt: null,
  loaded: false,
  cells: new Map(),
  alarmsKnown: false,
  oldLists: { alarms: false, incidents: false },
  alarms: new Map(),
  alarmsByCell: new Map(),
  incidents: new Map(),
  lastHeard: null,
};

export type Action =
  | { readonly kind: 'hello'; readonly hello: Hello; readonly at: Instant }
  | { readonly kind: 'cells'; readonly cells: readonly Cell[]; readonly all: boolean; readonly at: Instant }
  /** `all`: the complete list, what is not in it is gone. `anew`: believed even where it seems older (another gateway run). */
  | { readonly kind: 'alarms'; readonly alarms: readonly Alarm[]; readonly all: boolean; readonly anew: boolean }
  | { readonly kind: 'incidents'; readonly incidents: readonly Incident[]; readonly all: boolean }
  | { readonly kind: 'listRead'; readonly list: 'alarms' | 'incidents'; readonly isOld: boolean }
  | { readonly kind: 'alive'; readonly at: Instant }
  | { readonly kind: 'lost'; readonly attempt: number; readonly retryAt: Instant | null; readonly at: Instant };

export function reduce(state: DashboardState, action: Action): DashboardState {
  switch (action.kind) {
    case 'hello':
      return { ...live(state, action.at), version: action.hello.version, mqtt: action.hello.mqtt ?? null };
    case 'cells':
      return mergeCells(live(state, action.at), action.cells, action.all, action.at);
    case 'alarms':
      return mergeAlarms(action.all && !state.alarmsKnown ? { ...state, alarmsKnown: true } : state, action.alarms, action.all, action.anew);
    case 'incidents':
      return { ...state, incidents: mergeIncidents(action.all ? new Map() : state.incidents, action.incidents) };
    case 'listRead':
      return state.oldLists[action.list] === action.isOld ? state : { ...state, oldLists: { ...state.oldLists, [action.list]: action.isOld } };
    case 'alive':
      return state.link.kind === 'live' ? { ...state, lastHeard: action.at } : state;
    case 'lost':
      return {
        ...state,
        link: {
          kind: 'lost',
          lastHeard: state.lastHeard,
          since: state.link.kind === 'lost' ? state.link.since : action.at,
          attempt: action.attempt,
          retryAt: action.retryAt,
        },
      };
  }
}

const live = (state: DashboardState, at: Instant): DashboardState => ({
  ...state,
  link: state.link.kind === 'live' ? state.link : { kind: 'live', since: at },
  lastHeard: at,
});

function mergeCells(state: DashboardState, cells: readonly Cell[], all: boolean, at: Instant): DashboardState {
  const merged = new Map(all ? [] : state.cells);
  const carried: Alarm[] = [];
  for (const cell of cells) {
    const key = channelKey(cell);
    const before = state.cells.get(key)?.cell;
    const trend = cell.trend ?? (before?.test === cell.test ? extended(before?.trend ?? null, cell) : null) ?? null;
    merged.set(key, { cell: trend === cell.trend ? cell : { ...cell, trend }, arrived: at });
    carried.push(...(cell.alarms ?? []));
  }
  return mergeAlarms({ ...state, cells: merged, loaded: state.loaded || all }, carried, false, false);
}

function mergeIncidents(known: ReadonlyMap<string, Incident>, told: readonly Incident[]): ReadonlyMap<string, Incident> {
  const merged = new Map(known);
  for (const incident of told) {
    if (incident.state === 'open') {
      merged.set(incident.incident, incident);
    } else {
      merged.delete(incident.incident);
    }
  }
  return merged;
}

/** Points of a trend: as many as the gateway sends. */
const trendPointsMax = 60;

/** The trend with the newest reading: changes come without it. */
function extended(trend: Cell['trend'], cell: Cell): Cell['trend'] {
  const last = trend?.[trend.length - 1];
  if (!trend || cell.time === null || cell.voltageV === null || (last && cell.time <= last[0])) {
    return trend;
  }
  return [...trend.slice(1 - trendPointsMax), [cell.time, cell.voltageV]];
}

/** True when `next` says the same as or more than `before`: a message that was overtaken must not undo an acknowledgement. */
function supersedes(next: Alarm, before: Alarm): boolean {
  if (next.raisedAt > before.raisedAt || next.revision > before.revision) {
    return true;
  }
  if (next.raisedAt < before.raisedAt || next.revision < before.revision) {
    return false;
  }
  return before.acknowledgedAt === null || next.acknowledgedAt !== null;
}

const same = (a: Alarm, b: Alarm): boolean =>
  a.revision === b.revision &&
  a.state === b.state &&
  a.severity === b.severity &&
  a.raisedAt === b.raisedAt &&
  a.clearedAt === b.clearedAt &&
  a.acknowledgedAt === b.acknowledgedAt &&
  a.observed === b.observed &&
  a.limit === b.limit &&
  a.message === b.message &&
  a.note === b.note &&
  a.shelf?.until === b.shelf?.until &&
  a.suppressedBecause === b.suppressedBecause &&
  a.incident === b.incident &&
  a.escalation === b.escalation;

function mergeAlarms(state: DashboardState, alarms: readonly Alarm[], all: boolean, anew: boolean): DashboardState {
  const merged = new Map(all ? [] : state.alarms);
  const touched = new Set<string>();
  for (const alarm of alarms) {
    const key = alarmKey(alarm);
    const before = state.alarms.get(key);
    if (!before || (!same(alarm, before) && (anew || supersedes(alarm, before)))) {
      merged.set(key, alarm);
      touched.add(alarm.cell);
    } else {
      merged.set(key, before);
    }
  }
  if (all) {
    for (const [key, gone] of state.alarms) {
      if (!merged.has(key)) {
        touched.add(gone.cell);
      }
    }
  }
  return touched.size === 0 ? state : { ...state, alarms: merged, alarmsByCell: regroup(state, merged, touched) };
}

function regroup(
  state: DashboardState,
  alarms: ReadonlyMap<string, Alarm>,
  touched: ReadonlySet<string>,
): ReadonlyMap<string, readonly Alarm[]> {
  const groups = new Map(state.alarmsByCell);
  const fresh = new Map<string, Alarm[]>();
  for (const cell of touched) {
    fresh.set(cell, []);
  }
  for (const alarm of alarms.values()) {
    fresh.get(alarm.cell)?.push(alarm);
  }
  for (const [cell, list] of fresh) {
    groups.set(cell, list);
  }
  return groups;
}

/** The channel a cell's page shows: the one heard of last where several carry the name. */
export function findCell(state: DashboardState, name: string): CellView | undefined {
  let found: CellView | undefined;
  for (const view of state.cells.values()) {
    if (view.cell.cell === name && (!found || (view.cell.receivedAt ?? 0) > (found.cell.receivedAt ?? 0))) {
      found = view;
    }
  }
  return found;
}

/** Alarms of a cell's present test that the screen holds for active although the cell's own message no longer lists them. */
export function missingFrom(state: DashboardState, cells: readonly Cell[]): boolean {
  return cells.some((cell) => {
    const listed = cell.alarms;
    const known = state.alarmsByCell.get(cell.cell);
    return (
      !!listed &&
      !!known &&
      known.some(
        (alarm) =>
          isActive(alarm) && alarm.test === cell.test && !listed.some((other) => other.id === alarm.id),
      )
    );
  });
}
