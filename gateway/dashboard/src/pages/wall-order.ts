// The order of the bench wall.
import type { Alarm } from '../api/types';
import { channelKey, compareNames, urgency } from '../logic/cells';
import type { CellView, DashboardState } from '../state/reducer';

const none: readonly Alarm[] = [];

/** Channels in the order of the wall. */
export function ordered(state: DashboardState): CellView[] {
  const ranked = [...state.cells.values()].map((view) => ({
    view,
    rank: urgency(view.cell, state.alarmsByCell.get(view.cell.cell) ?? none),
  }));
  ranked.sort((a, b) => b.rank - a.rank || compareNames(a.view.cell.cell, b.view.cell.cell) || compareNames(channelKey(a.view.cell), channelKey(b.view.cell)));
  return ranked.map((entry) => entry.view);
}
