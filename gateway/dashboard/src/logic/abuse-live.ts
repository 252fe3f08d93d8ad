// The newest readings of an abuse test: kept for the plot, bounded, and never shown as new when they are not. Pure.
import type { AbuseTrace, TraceAnswer } from '../api/abuse-types';

/** Points kept of one quantity: ten minutes at 50 Hz with room to spare. */
export const pointsMost = 40_000;

/** Of the oldest so many, when there are more, each eight become their lowest and their highest: the whole test stays seen. */
const pointsThinned = 16_000;
const pointsOfEach = 8;

/** Quantities kept; a node has ten columns, and force and displacement come beside them. */
const tracesMost = 24;

export interface Line {
  readonly id: string;
  title: string;
  unit: string;
  readonly times: number[];
  readonly values: (number | null)[];
}

/** Recorded quantities of one session, oldest first. */
export class TraceBuffer {
  readonly lines = new Map<string, Line>();
  /** Time of the newest sample, s; −Infinity before any. */
  lastAt = -Infinity;

  /** Takes an answer; what is not newer than what is known is left out. Returns whether there was anything new. */
  take(answer: TraceAnswer): boolean {
    for (const trace of answer.traces) {
      this.append(trace);
    }
    const last = answer.lastAt ?? -Infinity;
    if (last <= this.lastAt) {
      return false;
    }
    this.lastAt = last;
    return true;
  }

  clear(): void {
    this.lines.clear();
    this.lastAt = -Infinity;
  }

  private append(trace: AbuseTrace): void {
    let line = this.lines.get(trace.id);
    if (!line) {
      if (this.lines.size >= tracesMost) {
        return;
      }
      line = { id: trace.id, title: trace.title, unit: trace.unit, times: [], values: [] };
      this.lines.set(trace.id, line);
    }
    let newest = line.times[line.times.length - 1] ?? -Infinity;
    for (let i = 0; i < trace.timeS.length; i += 1) {
      const time = trace.timeS[i] ?? Number.NaN;
      if (time > newest) {
        line.times.push(time);
        line.values.push(trace.values[i] ?? null);
        newest = time;
      }
    }
    if (line.times.length > pointsMost) {
      thin(line);
    }
  }
}

function thin(line: Line): void {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (let begin = 0; begin < pointsThinned; begin += pointsOfEach) {
    let least = -1;
    let most = -1;
    let lost = -1;
    for (let i = begin; i < begin + pointsOfEach; i += 1) {
      const value = line.values[i] ?? null;
      if (value === null) {
        lost = i;
      } else {
        least = least < 0 || value < (line.values[least] ?? 0) ? i : least;
        most = most < 0 || value > (line.values[most] ?? 0) ? i : most;
      }
    }
    for (const i of [...new Set([least, most, lost])].filter((kept) => kept >= 0).sort((a, b) => a - b)) {
      times.push(line.times[i] ?? 0);
      values.push(line.values[i] ?? null);
    }
  }
  line.times.splice(0, pointsThinned, ...times);
  line.values.splice(0, pointsThinned, ...values);
}

/** What surrounds the cell is not the cell. */
const isOfCell = (line: Line): boolean => !/ambient|chamber|oven|furnace/i.test(`${line.id} ${line.title}`);

export interface Latest {
  readonly title: string;
  readonly value: number | null;
  /** Time of the value, s. */
  readonly at: number;
}

/** Its newest value; null where the line has none at the buffer's end, since a number that stopped is no reading. */
function latestOf(line: Line, lastAt: number): Latest | null {
  const at = line.times[line.times.length - 1];
  return at === undefined || at < lastAt - 1.5 ? null : { title: line.title, value: line.values[line.values.length - 1] ?? null, at };
}

export const latestOfUnit = (buffer: TraceBuffer, unit: string): Latest | null => {
  for (const line of buffer.lines.values()) {
    if (line.unit === unit) {
      return latestOf(line, buffer.lastAt);
    }
  }
  return null;
};

/** The hottest of the cell's sensors that read now. */
export function hottestOf(buffer: TraceBuffer): Latest | null {
  let hottest: Latest | null = null;
  for (const line of buffer.lines.values()) {
    const latest = line.unit === 'C' && isOfCell(line) ? latestOf(line, buffer.lastAt) : null;
    if (latest && latest.value !== null && (hottest?.value ?? -Infinity) < latest.value) {
      hottest = latest;
    }
  }
  return hottest;
}

/** From this on a figure does not look current any more, s. */
export const staleAfterSeconds = 2;
/** From this on it is not shown as a number at all, s. */
export const goneAfterSeconds = 15;

export type Currency =
  | { readonly kind: 'none' }
  | { readonly kind: 'current' }
  /** No new sample for so many seconds. */
  | { readonly kind: 'stale' | 'gone'; readonly seconds: number }
  /** Samples come, but they were taken so many seconds ago: the node sends what it had kept. */
  | { readonly kind: 'late'; readonly seconds: number };

/**
 * Judges whether what is shown is what is. Two signs: new samples keep coming, by this screen's own monotonic clock; and their age does
 * not grow beyond the smallest seen. A constant difference between the clocks of node and gateway alone makes nothing stale.
 */
export class Pulse {
  private advancedAt: number | null = null;
  private advances = 0;
  private lastLag = 0;
  private leastLag = Infinity;

  /** New samples up to `sampleAt` were there at `monotonic` seconds, when the gateway's clock said `gatewayNow`. */
  advance(sampleAt: number, monotonic: number, gatewayNow: number): void {
    this.advances += 1;
    this.advancedAt = monotonic;
    this.lastLag = gatewayNow - sampleAt;
    this.leastLag = Math.min(this.leastLag, this.lastLag);
  }

  /** `isBacklog`: the gateway says that the channel sends what it had kept. The first answer alone proves nothing current. */
  judge(monotonic: number, isBacklog: boolean): Currency {
    if (this.advancedAt === null) {
      return { kind: 'none' };
    }
    const quiet = monotonic - this.advancedAt;
    // The first answer may be an hour old: its own age counts until a second one shows that samples come.
    const seconds = this.advances === 1 ? Math.max(quiet, this.lastLag) : quiet;
    if (seconds > staleAfterSeconds) {
      return { kind: seconds > goneAfterSeconds ? 'gone' : 'stale', seconds };
    }
    const behind = isBacklog ? Math.max(this.lastLag, 0) : this.lastLag - Math.max(0, this.leastLag);
    return behind > staleAfterSeconds ? { kind: 'late', seconds: behind } : { kind: 'current' };
  }
}
