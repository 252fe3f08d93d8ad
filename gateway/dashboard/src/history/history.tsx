// The history of a test: three plots on one time axis from the last second to months, the strip of the whole test, its events
// and its values. The engine asks for what is missing; this draws and takes the keys.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { cellAddress } from '../api/cell';
import type { Boot } from '../api/cell-types';
import { span as spanWords } from '../logic/time';
import { ExportButtons } from '../parts/export-buttons';
import { useThemeVersion } from '../plots/plot';
import { clock } from '../state/clock';
import { recall, remember } from '../state/settings';
import { nearest, lowerBound } from './compose';
import { HistoryEngine, type HistoryState } from './engine';
import { gapReason, shownEvents, type TimelineEvent } from './events';
import { EventList, Lane } from './lane';
import { Overview } from './overview';
import { Readout, ValueTable } from './readout';
import { saveHistoryCsv, saveHistoryPng } from './save';
import { PlotStack, stackPlots } from './stack';
import { afterKey, lengthOf, lengthWords, panned, ranges, zoomed, type Range, type View } from './view';

interface Props {
  readonly cell: string;
  readonly test: string | null;
  /** Newest sample's time; null where the test is over or the cell is not on the bench. */
  readonly newest: number | null;
  readonly events: readonly TimelineEvent[];
  readonly boots: readonly Boot[];
  /** A range that somebody asked for elsewhere on the page; a new object each time. */
  readonly asked: Range | null;
}

const firstView = (): View => {
  const kept = recall('history-span');
  return { kind: 'live', span: kept === null || kept === 'all' ? null : Number(kept) || null };
};

export function History({ cell, test, newest, events, boots, asked }: Props): JSX.Element {
  const [state, setState] = useState<HistoryState | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [area, setArea] = useState({ left: 58, width: 600 });
  const [hasTable, setHasTable] = useState(false);
  const engine = useRef<HistoryEngine | null>(null);
  const stack = useRef<PlotStack | null>(null);
  const hosts = useRef<(HTMLDivElement | null)[]>([]);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef<HistoryState | null>(null);
  const theme = useThemeVersion();

  useEffect(() => {
    const made = new HistoryEngine(cell, test, firstView());
    engine.current = made;
    made.onChange = (next) => {
      latest.current = next;
      setState(next);
    };
    made.start();
    return () => made.dispose();
  }, [cell, test]);

  useEffect(() => {
    if (newest !== null) {
      engine.current?.setNewest(newest);
    }
  }, [newest, engine.current]);

  useEffect(() => {
    if (asked) {
      engine.current?.show({ kind: 'fixed', range: asked });
      box.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [asked]);

  const show = (range: Range): void => engine.current?.show({ kind: 'fixed', range });
  const live = (seconds: number | null): void => {
    remember('history-span', seconds === null ? 'all' : String(seconds));
    engine.current?.show({ kind: 'live', span: seconds });
  };

  useEffect(() => {
    let pending: number | null = null;
    const withRange = (change: (range: Range, whole: Range) => Range): void => {
      // The engine's own state: several movements may come before the next frame.
      const now = engine.current?.state;
      if (now?.whole) {
        show(change(now.range, now.whole));
      }
    };
    const made = new PlotStack(hosts.current.filter((host) => host !== null), {
      zoom: (factor, anchor) => withRange((range, whole) => zoomed(range, factor, anchor, whole)),
      pan: (seconds) => withRange((range, whole) => panned(range, seconds, whole)),
      select: (from, to) => show({ from, to }),
      all: () => live(null),
      takesWheel: () => box.current?.contains(document.activeElement) ?? false,
      cursor: (seconds) => {
        pending = seconds;
        requestAnimationFrame(() => setCursor(pending));
      },
      area: (left, width) => {
        setArea({ left, width });
        engine.current?.setPixels(width);
      },
    });
    stack.current = made;
    return () => {
      stack.current = null;
      made.dispose();
    };
  }, [theme, cell, test]);

  const shown = useMemo(() => (state ? shownEvents(events, state.range) : null), [events, state?.range.from, state?.range.to]);
  useEffect(() => {
    if (state?.composed && shown) {
      stack.current?.show(state.composed, state.range, shown, state.grain.interval === null);
    }
  });

  const composed = state?.composed ?? null;
  const whole = state?.whole ?? null;
  const isLive = state?.view.kind === 'live';
  const at = useMemo(() => {
    if (!composed || !state) {
      return -1;
    }
    return nearest(composed, cursor ?? Math.min(state.range.to, whole?.to ?? state.range.to));
  }, [composed, cursor, state?.range.to]);

  const moveCursor = (by: number): void => {
    if (!composed || !state) {
      return;
    }
    const from = cursor === null ? lowerBound(composed.time, (state.range.from + state.range.to) / 2) : at + by;
    let next = Math.max(0, Math.min(composed.time.length - 1, from));
    while (composed.first[next] === null && next + by >= 0 && next + by < composed.time.length) {
      next += by;
    }
    const time = composed.time[next];
    if (time !== undefined) {
      if (time < state.range.from || time > state.range.to) {
        show({ from: time - lengthOf(state.range) / 2, to: time + lengthOf(state.range) / 2 });
      }
      stack.current?.setCursor(time);
      setCursor(time);
    }
  };

  const key = (event: KeyboardEvent): void => {
    // The engine's own state: several keys may come before the next frame.
    const now = engine.current?.state;
    if (event.ctrlKey || event.metaKey || event.altKey || !now?.whole) {
      return;
    }
    const next = afterKey(event.key, event.shiftKey, now.range, now.whole);
    if (next) {
      show(next);
    } else if (event.key === ',' || event.key === '.') {
      moveCursor(event.key === '.' ? 1 : -1);
    } else if (event.key === '0') {
      live(null);
    } else if (event.key === 'l' || event.key === 'L') {
      live(nearestSpan(lengthOf(now.range)));
    } else if (event.key === 'Escape' && cursor !== null) {
      stack.current?.setCursor(null);
      setCursor(null);
    } else {
      return;
    }
    event.preventDefault();
  };

  const choose = (event: TimelineEvent): void => {
    const span = Math.min(state ? lengthOf(state.range) : 600, 600);
    show({ from: event.time - span / 2, to: event.time + span / 2 });
  };
  const title = `${cell}${test ? `, test ${test}` : ''}`;
  return (
    <section class="panel history" aria-labelledby="history">
      <header class="panel-head">
        <h2 id="history">History</h2>
        <div class="tools">
          <div class="switch" role="group" aria-label="Range that follows the newest sample">
            {ranges.map(({ words, seconds }) => <button key={words} type="button" aria-pressed={isLive && (state?.view.kind === 'live' && state.view.span === seconds)} onClick={() => live(seconds)}>{words}</button>)}
          </div>
          <ExportButtons what="history" raw={state ? cellAddress(cell, 'samples', { test, from: state.range.from, to: state.range.to, points: 20_000 }) : null}
            png={() => stack.current && state && saveHistoryPng(cell, test, state, stack.current)} csv={() => state && saveHistoryCsv(cell, test, state)} />
        </div>
      </header>
      <Status state={state} boots={boots} newest={newest} onLive={() => live(state ? nearestSpan(lengthOf(state.range)) : 600)} />
      {composed ? <Readout composed={composed} at={at} isCursor={cursor !== null} /> : null}
      <div
        ref={box} class="stack" tabIndex={0} role="application" aria-label={`Voltage, current and temperatures of ${title} against time`} aria-describedby="history-keys" onKeyDown={key}
        data-from={state?.range.from} data-to={state?.range.to} data-interval={composed ? state?.grain.interval ?? 'raw' : ''} data-refining={state?.grain.isStandIn === false ? 'no' : 'yes'}
      >
        {stackPlots.map((plot, index) => (
          <figure key={plot.key}>
            <figcaption>{plot.caption} <span class="unit">{plot.unit}</span></figcaption>
            <div class="plot" ref={(element) => { hosts.current[index] = element; }} />
          </figure>
        ))}
      </div>
      {state && shown ? <Lane shown={shown} range={state.range} left={area.left} width={area.width} onChoose={choose} /> : null}
      {state && whole ? <Overview outline={engine.current?.outlinePiece ?? null} whole={whole} range={state.range} left={area.left} width={area.width} theme={theme} onRange={show} /> : null}
      <p class="hint" id="history-keys">
        Drag to move, Shift and drag to zoom into a range, Ctrl and wheel or pinch to zoom. With the plot focused: arrows move and zoom,
        + and − zoom, Home and End go to the ends, comma and full stop step the cursor, L follows live, 0 shows all.
      </p>
      {shown ? <EventList shown={shown} total={events.length} onChoose={choose} /> : null}
      {composed && state ? (
        <details class="fold" onToggle={(event) => setHasTable((event.currentTarget as HTMLDetailsElement).open)}>
          <summary>Values in this range</summary>
          {hasTable ? <ValueTable composed={composed} range={state.range} isRaw={state.grain.interval === null} /> : null}
        </details>
      ) : null}
    </section>
  );
}

const nearestSpan = (seconds: number): number | null => ranges.reduce((best, { seconds: known }) => (known !== null && known <= seconds * 1.5 ? known : best), 60 as number | null);

interface StatusProps {
  readonly state: HistoryState | null;
  readonly boots: readonly Boot[];
  readonly newest: number | null;
  readonly onLive: () => void;
}

function Status({ state, boots, newest, onLive }: StatusProps): JSX.Element {
  if (!state?.whole) {
    return <p class="waiting" role="status">{state?.error ?? 'Reading samples.'}</p>;
  }
  const { composed, range, grain } = state;
  const gaps = (composed?.gaps ?? []).filter((gap) => gap.to > range.from && gap.from < range.to);
  const first = gaps[0];
  const isEmpty = composed !== null && nearestInside(composed.time, range) === 0;
  return (
    <div class="history-status">
      <p>
        <b>{clock.full(range.from)}</b> to <b>{clock.full(range.to)}</b>, {lengthWords(lengthOf(range))}.{' '}
        {composed === null ? 'Reading samples.' : isEmpty ? 'No samples in this range.' : grain.interval === null ? 'Every sample as measured.' : `Each point is ${lengthWords(grain.interval)}, extremes kept.`}
        {grain.isStandIn ? <span class="hint"> Reading finer data.</span> : null}
      </p>
      {first ? <p class="gap-note">{gaps.length === 1 ? 'A gap' : `${gaps.length} gaps, the first`} of {spanWords(first.to - first.from)} from {clock.full(first.from)}: {gapReason(first, boots, grain.missing)}.</p> : null}
      {grain.missing.map((sentence) => <p key={sentence} class="gap-note">{sentence}</p>)}
      {state.error ? <p class="form-error" role="status">{state.error} Shown is what was read before.</p> : null}
      {state.view.kind === 'fixed'
        ? <button type="button" class="primary" onClick={onLive}>{newest === null ? 'To the end' : 'Back to live'}</button>
        : <span class={newest === null ? 'following' : 'following is-live'}>{newest === null ? 'Shows up to the last sample' : 'Follows the newest sample'}</span>}
    </div>
  );
}

const nearestInside = (time: readonly number[], range: Range): number => lowerBound(time, range.to) - lowerBound(time, range.from);
