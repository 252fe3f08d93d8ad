// Levels and tiles of a test's samples. A level halves what the one above it shows of time; a tile is a fixed piece of a level,
// so that the same request serves every view that needs the piece, and a view that has nothing finer yet shows the coarser one.
import type { Samples } from '../api/types';

/** Columns that are drawn, by their names in the API. */
export const shownColumns = ['voltageV', 'currentA', 'surfaceC', 'infraredC', 'ambientC'] as const;

export type ShownColumn = (typeof shownColumns)[number];

/** Intervals of a tile; each has a lowest and a highest value of every column. */
export const intervalsPerTile = 512;

/** Rows asked for: the gateway answers with two an interval, or with every sample where there are no more than this. */
export const rowsPerTile = 2 * intervalsPerTile;

/** Coarsest level: an interval of it is about twelve days. */
export const coarsestLevel = 26;

/** Most tiles that are kept: some 6 MB. */
export const mostTiles = 96;

/** Seconds of an interval; a power of two, so that the edges of tiles are exact. Level 0 has 1/64 s. */
export const intervalSeconds = (level: number): number => 2 ** (level - 6);

export const tileSeconds = (level: number): number => intervalSeconds(level) * intervalsPerTile;

/** The level whose intervals are 0.75 to 1.5 pixels wide. */
export function levelFor(spanSeconds: number, pixels: number): number {
  const perPixel = spanSeconds / Math.max(1, pixels);
  return Math.min(coarsestLevel, Math.max(0, Math.floor(Math.log2(perPixel * 1.5)) + 6));
}

export interface TileId {
  readonly level: number;
  readonly index: number;
}

export const tileKey = ({ level, index }: TileId): string => `${level}/${index}`;

/** The tiles of a level that a range of time touches. */
export function tilesOf(level: number, from: number, to: number): TileId[] {
  const width = tileSeconds(level);
  const result: TileId[] = [];
  for (let index = Math.floor(from / width); index * width <= to && result.length < 64; index += 1) {
    result.push({ level, index });
  }
  return result;
}

/** Values of a column over a piece of time: equal where they are samples, not a number where there is no reading. */
export interface Envelope {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A piece of a test's samples: as measured (`interval` null), or thinned to the extremes of intervals. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly interval: number | null;
  /** What is not there and why, as the gateway says it. */
  readonly missing: string | null;
  readonly time: Float64Array;
  /** First and last sample's time behind each entry. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly columns: Readonly<Record<ShownColumn, Envelope>>;
  /** Distance of entries that is usual in it, seconds; 0 with fewer than two. */
  readonly usualSeconds: number;
}

/** The answer of the gateway as a piece. Two rows of one interval become one entry with their lowest and highest values. */
export function toPiece(samples: Samples, from: number, to: number): Piece {
  const timeAt = samples.columns.indexOf('time');
  const rows = timeAt < 0 ? [] : samples.rows;
  const interval = samples.intervalSeconds ?? null;
  const first: number[] = [];
  const last: number[] = [];
  const starts: number[] = [];
  let number = Number.NaN;
  rows.forEach((row, at) => {
    const time = row[timeAt] as number;
    // Half a microsecond: times are whole microseconds, and an interval may begin exactly with a sample.
    const own = interval === null ? at : Math.floor((time - (samples.from ?? from) + 0.5e-6) / interval);
    if (own !== number) {
      number = own;
      starts.push(at);
      first.push(time);
      last.push(time);
    } else {
      last[last.length - 1] = time;
    }
  });
  starts.push(rows.length);
  const columns = {} as Record<ShownColumn, Envelope>;
  for (const name of shownColumns) {
    const column = samples.columns.indexOf(name);
    const low = new Float64Array(first.length).fill(Number.NaN);
    const high = new Float64Array(first.length).fill(Number.NaN);
    for (let entry = 0; entry < first.length && column >= 0; entry += 1) {
      for (let at = starts[entry]!; at < starts[entry + 1]!; at += 1) {
        const value = rows[at]![column];
        if (value !== null && value !== undefined) {
          low[entry] = low[entry]! <= value ? low[entry]! : value;
          high[entry] = high[entry]! >= value ? high[entry]! : value;
        }
      }
    }
    columns[name] = { low, high };
  }
  const time = Float64Array.from(first, (value, at) => (value + last[at]!) / 2);
  return {
    from, to, interval, missing: samples.missing ?? null, time, first: Float64Array.from(first), last: Float64Array.from(last), columns,
    usualSeconds: median(first.slice(1).map((value, at) => value - first[at]!)),
  };
}

function median(values: number[]): number {
  if (values.length === 0) {
    return 0;
  }
  values.sort((a, b) => a - b);
  return values[Math.floor((values.length - 1) / 2)]!;
}

/** A tile as it was read. */
export interface Tile {
  readonly id: TileId;
  readonly piece: Piece;
  /** Newest sample of the test that was known when it was asked for; a tile that reaches beyond may have grown since. */
  readonly knownUntil: number;
  readonly readAtMilliseconds: number;
}

/** A settled tile is read again after this long when it is shown: frames may come late, and corrections with them. */
const settledMilliseconds = 120_000;
/** A tile at the live edge is read again no sooner than this. */
const growingMilliseconds = 900;

export function isFresh(tile: Tile, newest: number, nowMilliseconds: number): boolean {
  const age = nowMilliseconds - tile.readAtMilliseconds;
  return tile.piece.to <= tile.knownUntil || newest <= tile.knownUntil ? age < settledMilliseconds : age < growingMilliseconds;
}

/** Tiles by recency of use, a bounded number. */
export class TileCache {
  private readonly tiles = new Map<string, Tile>();

  get size(): number {
    return this.tiles.size;
  }

  clear(): void {
    this.tiles.clear();
  }

  put(tile: Tile): void {
    this.tiles.delete(tileKey(tile.id));
    this.tiles.set(tileKey(tile.id), tile);
    for (const oldest of this.tiles.keys()) {
      if (this.tiles.size <= mostTiles) {
        break;
      }
      this.tiles.delete(oldest);
    }
  }

  get(id: TileId): Tile | undefined {
    const key = tileKey(id);
    const tile = this.tiles.get(key);
    if (tile) {
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    return tile;
  }

  /** The finest coarser tile over it; one that holds every sample is as good as the tile itself. */
  above(id: TileId): Tile | undefined {
    for (let level = id.level + 1, index = Math.floor(id.index / 2); level <= coarsestLevel; level += 1, index = Math.floor(index / 2)) {
      const tile = this.get({ level, index });
      if (tile) {
        return tile;
      }
    }
    return undefined;
  }

  /** The two halves of it one level finer, where both are there. */
  below({ level, index }: TileId): readonly [Tile, Tile] | undefined {
    const left = level > 0 ? this.get({ level: level - 1, index: 2 * index }) : undefined;
    const right = left && this.get({ level: level - 1, index: 2 * index + 1 });
    return left && right ? [left, right] : undefined;
  }

  /** True where nothing has to be asked for to show it as finely as can be. */
  holds(id: TileId, newest: number, nowMilliseconds: number): boolean {
    const own = this.get(id);
    if (own && isFresh(own, newest, nowMilliseconds)) {
      return true;
    }
    const above = this.above(id);
    return above !== undefined && above.piece.interval === null && isFresh(above, newest, nowMilliseconds);
  }
}
