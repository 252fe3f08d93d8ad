// How this viewer has the wall: form, order, grouping, figure of the overview. Kept in the browser.
import { useEffect, useRef, useState } from 'preact/hooks';
import { figureNames, type FigureName } from '../logic/overview';
import { WallPlanner, type Sort, type WallLayout, type WallOptions } from '../logic/wall-layout';
import { recall, remember } from './settings';
import { store } from './store';

export const forms = ['roomy', 'dense', 'rows', 'overview'] as const;

export type Form = (typeof forms)[number];

export const formWords: Readonly<Record<Form, string>> = { roomy: 'Roomy', dense: 'Dense', rows: 'Rows', overview: 'Overview' };

/** Least width and height of a channel in each form, CSS pixels, as `wall.css` has them; a row is as wide as the window. */
export const formSizes: Readonly<Record<Form, readonly [number, number]>> = { roomy: [318, 224], dense: [232, 132], rows: [Infinity, 31], overview: [102, 42] };

const sorts: readonly Sort[] = ['worst', 'name', 'age'];

/** Channels up to which tiles are roomy, and up to which they are tiles, while the viewer has not chosen. */
const roomyMost = 40;
const denseMost = 160;

export const usualForm = (channels: number): Form => (channels <= roomyMost ? 'roomy' : channels <= denseMost ? 'dense' : 'overview');

export interface WallView {
  readonly form: Form | null;
  readonly sort: Sort;
  readonly grouped: boolean | null;
  readonly figure: FigureName;
}

const oneOf = <T extends string>(known: readonly T[], name: string): T | null => known.find((value) => value === recall(name)) ?? null;

const stored = (): WallView => ({
  form: oneOf(forms, 'density'),
  sort: oneOf(sorts, 'wall-sort') ?? 'worst',
  grouped: ({ bench: true, none: false } as const)[recall('wall-groups') ?? ''] ?? null,
  figure: oneOf(figureNames, 'wall-figure') ?? 'voltage',
});

export function useWallView(): readonly [WallView, (change: Partial<WallView>) => void] {
  const [view, setView] = useState(stored);
  const choose = (change: Partial<WallView>): void => {
    const next = { ...view, ...change };
    remember('density', next.form);
    remember('wall-sort', next.sort === 'worst' ? null : next.sort);
    remember('wall-groups', next.grouped === null ? null : next.grouped ? 'bench' : 'none');
    remember('wall-figure', next.figure === 'voltage' ? null : next.figure);
    setView(next);
  };
  return [view, choose];
}

/** The layout of the wall; renders again only when something moves or a count changes, not with every reading. */
export function useWallLayout(options: WallOptions): WallLayout {
  const [planner] = useState(() => new WallPlanner());
  const [, force] = useState(0);
  const layout = planner.plan(store.state, options);
  const shown = useRef(layout);
  shown.current = layout;
  useEffect(() => {
    const check = (): void => {
      if (planner.plan(store.state, options) !== shown.current) {
        force((n) => n + 1);
      }
    };
    check();
    return store.subscribe(check);
  });
  return layout;
}
