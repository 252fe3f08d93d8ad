// Benches by cell, for pages that group or filter by bench.
import { useMemo } from 'preact/hooks';
import { benchOf } from '../logic/cases';
import type { DashboardState } from './reducer';
import { store, useStore } from './store';

const pairs = (state: DashboardState): (readonly [string, string])[] => [...state.cells.values()].map(({ cell }) => [cell.cell, benchOf(cell)]);

/** Another object only when a cell has come, gone or moved: cells send several times a second. */
export function useBenches(): ReadonlyMap<string, string> {
  const text = useStore((state) => pairs(state).join('\n'));
  return useMemo(() => new Map(pairs(store.state)), [text]);
}
