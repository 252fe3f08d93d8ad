// The history of one test: which range is shown, which pieces are there, which are asked for. It tells its listener once per
// frame at most; plots are moved without a page render in between.
import { cellApi } from '../api/cell';
import { compose, grainIn, type Composed } from './compose';
import { levelFor, rowsPerTile, TileCache, tileKey, tileSeconds, tilesOf, toPiece, type Piece, type TileId } from './tiles';
import { lengthOf, rangeOf, within, type Range, type View } from './view';

/** Requests at once; the gateway has other pages to answer. */
const mostRequests = 4;
/** After a failure nothing is asked for so long. */
const retryMilliseconds = 3000;

type Ask = typeof cellApi.samples;

export interface HistoryState {
  readonly view: View;
  readonly range: Range;
  readonly whole: Range | null;
  readonly composed: Composed | null;
  /** How finely the range is shown. */
  readonly grain: ReturnType<typeof grainIn>;
  readonly error: string | null;
}

export class HistoryEngine {
  private view: View;
  private pixels = 800;
  private whole: Range | null = null;
  private outline: Piece | null = null;
  private readonly cache = new TileCache();
  private readonly running = new Map<string, AbortController>();
  private composed: Composed | null = null;
  private composedFor = '';
  private dirty = true;
  private frame = 0;
  private timer = 0;
  private error: string | null = null;
  private pausedUntil = 0;
  private outlineRead = 0;
  private outlineController: AbortController | null = null;
  private isDisposed = false;

  /** Called once per frame when something has changed. */
  onChange: (state: HistoryState) => void = () => {};

  constructor(private readonly cell: string, private readonly test: string | null, view: View, private readonly ask: Ask = cellApi.samples) {
    this.view = view;
  }

  start(): void {
    void this.readOutline();
  }

  dispose(): void {
    this.isDisposed = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.outlineController?.abort();
    for (const request of this.running.values()) {
      request.abort();
    }
  }

  get state(): HistoryState {
    const whole = this.whole;
    const range = whole ? rangeOf(this.view, whole) : { from: 0, to: 1 };
    return {
      view: this.view,
      range,
      whole,
      composed: this.composed,
      grain: this.composed ? grainIn(this.composed, range.from, range.to) : { interval: null, isStandIn: true, missing: [] },
      error: this.error,
    };
  }

  get outlinePiece(): Piece | null {
    return this.outline;
  }

  /** The newest sample's time, as the live stream tells it. */
  setNewest(seconds: number): void {
    if (this.whole && seconds > this.whole.to) {
      this.whole = { from: this.whole.from, to: seconds };
      this.schedule();
    }
  }

  setPixels(pixels: number): void {
    if (Math.abs(pixels - this.pixels) > 1) {
      this.pixels = pixels;
      this.schedule();
    }
  }

  show(view: View): void {
    this.view = view.kind === 'fixed' && this.whole ? { kind: 'fixed', range: within(view.range, this.whole) } : view;
    this.schedule();
  }

  private schedule(): void {
    if (this.frame === 0 && !this.isDisposed) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.update();
      });
    }
  }

  private update(): void {
    if (!this.whole || this.isDisposed) {
      return;
    }
    const range = rangeOf(this.view, this.whole);
    const level = levelFor(lengthOf(range), this.pixels);
    const wanted = tilesOf(level, Math.max(range.from, this.whole.from), Math.min(range.to, this.whole.to));
    // A tile more on either side, so that a step aside has something to show.
    const shown = tilesOf(level, Math.max(range.from - tileSeconds(level), this.whole.from), Math.min(range.to + tileSeconds(level), this.whole.to));
    const key = `${level}:${shown[0]?.index}:${shown.length}`;
    if (this.dirty || key !== this.composedFor) {
      this.composed = compose(shown, this.cache, this.outline, tileSeconds);
      this.composedFor = key;
      this.dirty = false;
    }
    this.request(wanted, shown);
    this.onChange(this.state);
  }

  private request(wanted: readonly TileId[], shown: readonly TileId[]): void {
    const now = performance.now();
    const newest = this.whole?.to ?? 0;
    const useful = new Set(shown.map(tileKey));
    for (const [key, controller] of this.running) {
      if (!useful.has(key)) {
        controller.abort();
        this.running.delete(key);
      }
    }
    clearTimeout(this.timer);
    if (now < this.pausedUntil) {
      this.wake(this.pausedUntil - now);
      return;
    }
    for (const id of [...wanted, ...shown]) {
      const key = tileKey(id);
      if (this.running.size < mostRequests && !this.running.has(key) && !this.cache.holds(id, newest, now)) {
        void this.read(id, key, newest);
      }
    }
    // Something shown may have grown old by then.
    this.wake(1000);
    if (this.outlineRead > 0 && now - this.outlineRead > 60_000) {
      void this.readOutline();
    }
  }

  private wake(milliseconds: number): void {
    this.timer = window.setTimeout(() => (document.hidden ? this.wake(1000) : this.schedule()), milliseconds);
  }

  private async read(id: TileId, key: string, newest: number): Promise<void> {
    const controller = new AbortController();
    this.running.set(key, controller);
    const from = id.index * tileSeconds(id.level);
    const to = from + tileSeconds(id.level);
    try {
      const samples = await this.ask(this.cell, this.test, from, to - 1e-6, rowsPerTile, controller.signal);
      this.cache.put({ id, piece: toPiece(samples, from, to), knownUntil: newest, readAtMilliseconds: performance.now() });
      this.dirty = true;
      this.error = null;
    } catch (cause) {
      if (!controller.signal.aborted) {
        this.fail(cause);
      }
    } finally {
      if (this.running.get(key) === controller) {
        this.running.delete(key);
      }
      this.schedule();
    }
  }

  private fail(cause: unknown): void {
    this.error = cause instanceof Error ? cause.message : String(cause);
    this.pausedUntil = performance.now() + retryMilliseconds;
  }

  private async readOutline(): Promise<void> {
    this.outlineRead = performance.now();
    this.outlineController?.abort();
    const controller = new AbortController();
    this.outlineController = controller;
    try {
      const samples = await this.ask(this.cell, this.test, null, null, 2 * rowsPerTile, controller.signal);
      const from = samples.from ?? 0;
      const to = samples.to ?? from;
      this.outline = toPiece(samples, from, to);
      const last = this.outline.last.length > 0 ? this.outline.last[this.outline.last.length - 1]! : to;
      this.whole = { from, to: Math.max(this.whole?.to ?? 0, last, to) };
      this.dirty = true;
      this.error = null;
      this.schedule();
    } catch (cause) {
      if (!controller.signal.aborted) {
        this.fail(cause);
        this.onChange(this.state);
        setTimeout(() => !this.isDisposed && this.whole === null && void this.readOutline(), retryMilliseconds);
      }
    }
  }

}
