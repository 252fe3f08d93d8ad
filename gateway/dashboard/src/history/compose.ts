// What is drawn of a range of time, put together from the pieces that are there: the tile itself, its finer halves, a coarser
// one, or the outline of the whole test. Places without samples become gaps, never a line.
import { shownColumns, type Envelope, type Piece, type ShownColumn, type TileCache, type TileId } from './tiles';

export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Composed {
  readonly time: number[];
  readonly low: Readonly<Record<ShownColumn, (number | null)[]>>;
  readonly high: Readonly<Record<ShownColumn, (number | null)[]>>;
  /** First and last sample's time behind each entry; null in a gap. */
  readonly first: (number | null)[];
  readonly last: (number | null)[];
  readonly gaps: readonly Gap[];
  /** How finely each stretch is shown, in order of time. */
  readonly grain: readonly Grain[];
}

export interface Grain {
  readonly from: number;
  readonly to: number;
  /** Width of its intervals, seconds; null where every entry is a sample as measured. */
  readonly interval: number | null;
  /** True where another piece stands in for one that is not there yet. */
  readonly isStandIn: boolean;
  /** What is not there and why, as the gateway says it. */
  readonly missing: string | null;
}

/** How finely a range is shown: by its widest interval. */
export function grainIn(composed: Composed, from: number, to: number): { interval: number | null; isStandIn: boolean; missing: string[] } {
  const touched = composed.grain.filter((grain) => grain.to > from && grain.from < to);
  const widths = touched.map(({ interval }) => interval).filter((interval) => interval !== null);
  return {
    interval: widths.length === 0 ? null : Math.max(...widths),
    isStandIn: touched.some(({ isStandIn }) => isStandIn),
    missing: [...new Set(touched.map(({ missing }) => missing).filter((missing) => missing !== null))],
  };
}

/** An interval between two entries that is longer than this is a gap: five usual ones, at least 1 s, at most 600 s unless intervals are wider. */
export const gapLimit = (usualSeconds: number, interval: number | null): number =>
  Math.max(Math.min(Math.max(5 * usualSeconds, 1), 600), 2.5 * (interval ?? 0));

interface Part {
  readonly piece: Piece;
  readonly from: number;
  readonly to: number;
  readonly isStandIn: boolean;
}

/** The best that is there for each tile, in order of time. */
export function partsOf(tiles: readonly TileId[], cache: TileCache, outline: Piece | null, widthOf: (level: number) => number): Part[] {
  const parts: Part[] = [];
  for (const id of tiles) {
    const from = id.index * widthOf(id.level);
    const to = from + widthOf(id.level);
    const middle = (from + to) / 2;
    const own = cache.get(id);
    const above = own ? undefined : cache.above(id);
    const below = own || above?.piece.interval === null ? undefined : cache.below(id);
    if (own) {
      parts.push({ piece: own.piece, from, to, isStandIn: false });
    } else if (below) {
      parts.push({ piece: below[0].piece, from, to: middle, isStandIn: true }, { piece: below[1].piece, from: middle, to, isStandIn: true });
    } else if (above ?? outline) {
      parts.push({ piece: above?.piece ?? (outline as Piece), from, to, isStandIn: above?.piece.interval !== null });
    }
  }
  return parts;
}

export function compose(tiles: readonly TileId[], cache: TileCache, outline: Piece | null, widthOf: (level: number) => number): Composed {
  const parts = partsOf(tiles, cache, outline, widthOf);
  const time: number[] = [];
  const first: (number | null)[] = [];
  const last: (number | null)[] = [];
  const low = emptyColumns();
  const high = emptyColumns();
  const gaps: Gap[] = [];
  let previous = Number.NaN;
  let previousLimit = 0;
  for (const { piece, from, to } of parts) {
    const limit = gapLimit(piece.usualSeconds, piece.interval);
    for (let at = lowerBound(piece.time, from); at < piece.time.length && piece.time[at]! < to; at += 1) {
      const begins = piece.first[at]!;
      if (begins - previous > Math.max(limit, previousLimit)) {
        gaps.push({ from: previous, to: begins });
        push((previous + begins) / 2, null, null);
        for (const name of shownColumns) {
          low[name].push(null);
          high[name].push(null);
        }
      }
      push(piece.time[at]!, begins, piece.last[at]!);
      for (const name of shownColumns) {
        const column: Envelope = piece.columns[name];
        low[name].push(orNull(column.low[at]!));
        high[name].push(orNull(column.high[at]!));
      }
      previous = piece.last[at]!;
      previousLimit = limit;
    }
  }
  const grain = parts.map(({ piece, from, to, isStandIn }) => ({ from, to, interval: piece.interval, isStandIn, missing: piece.missing }));
  return { time, low, high, first, last, gaps, grain };

  function push(at: number, from: number | null, to: number | null): void {
    time.push(at);
    first.push(from);
    last.push(to);
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

const emptyColumns = (): Record<ShownColumn, (number | null)[]> => ({ voltageV: [], currentA: [], surfaceC: [], infraredC: [], ambientC: [] });

/** Index of the first entry that is not below a value, in ascending ones. */
export function lowerBound(values: ArrayLike<number>, value: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle]! < value) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

/** The entry nearest to a time; gaps are no entries. -1 where there is none. */
export function nearest({ time, first }: Composed, at: number): number {
  let best = -1;
  const middle = lowerBound(time, at);
  for (let index = Math.max(0, middle - 2); index <= Math.min(time.length - 1, middle + 1); index += 1) {
    if (first[index] !== null && (best < 0 || Math.abs(time[index]! - at) < Math.abs(time[best]! - at))) {
      best = index;
    }
  }
  return best;
}
