// Which figure the overview shows, and how dark its box is. The scales are fixed, so that a shade means the same tomorrow.
import type { Cell } from '../api/types';
import { amperes, celsius, count, fixed, percent } from './format';

export type FigureName = 'voltage' | 'current' | 'surface' | 'cycle' | 'retention';

interface Figure {
  readonly words: string;
  readonly unit: string;
  /** Column whose sensor is behind it; null where it is counted. */
  readonly column: string | null;
  readonly value: (cell: Cell) => number | null;
  readonly text: (value: number | null) => string;
  /** Values of the lightest and the darkest shade. */
  readonly from: number;
  readonly to: number;
}

export const figures: Readonly<Record<FigureName, Figure>> = {
  voltage: { words: 'Voltage', unit: 'V', column: 'voltage', value: (cell) => cell.voltageV, text: (value) => fixed(value, 3), from: 2.5, to: 4.5 },
  current: { words: 'Current', unit: 'A', column: 'current', value: (cell) => cell.currentA, text: amperes, from: -3, to: 3 },
  surface: { words: 'Surface', unit: '°C', column: 'surface', value: (cell) => cell.surfaceC, text: celsius, from: 20, to: 60 },
  cycle: { words: 'Cycle', unit: '', column: null, value: (cell) => cell.cycle, text: count, from: 0, to: 500 },
  retention: { words: 'Retention', unit: '%', column: null, value: (cell) => cell.retention, text: (value) => percent(value), from: 1, to: 0.7 },
};

export const figureNames = Object.keys(figures) as readonly FigureName[];

/** Shades there are, the first for no value and the lightest. */
export const shades = 8;

/** Shade of a value, 0 to 7. */
export function shadeOf(name: FigureName, value: number | null): number {
  const { from, to } = figures[name];
  if (value === null || !Number.isFinite(value)) {
    return 0;
  }
  return Math.min(shades - 1, Math.max(0, Math.floor(((value - from) / (to - from)) * shades)));
}
