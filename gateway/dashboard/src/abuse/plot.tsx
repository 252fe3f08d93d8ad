// The fast plot: voltage, temperatures and current over the last seconds, moving without a stutter. Drawn on a canvas, each frame only
// what is seen, and nothing at all while nothing moves.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { stopwatch } from '../logic/abuse';
import { nextEdge } from '../logic/abuse-plot';
import { Choice } from '../parts/choice';
import { ExportButtons } from '../parts/export-buttons';
import type { AbuseFeed } from '../state/abuse-feed';
import { useShortcuts } from '../state/shortcuts';
import { lanesOf, paint, type PlotView } from './plot-paint';
import { saveFastCsv, saveFastPng, type SavedTest } from './save';

const spans = [['30', '30 s'], ['120', '2 min'], ['600', '10 min'], ['-1', 'Event'], ['0', 'Whole']] as const;

type Span = (typeof spans)[number][0];

interface Props {
  readonly test: SavedTest;
  readonly feed: AbuseFeed;
  readonly triggeredAt: number | null;
  readonly preTriggerS: number;
  /** False once it is over: the plot then stands still and shows the whole. */
  readonly isMoving: boolean;
}

export function FastPlot({ test, feed, triggeredAt, preTriggerS, isMoving }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [span, setSpan] = useState<Span>(isMoving ? '30' : '0');
  const view = useRef<PlotView>({ span: 30, triggeredAt, preTriggerS, ranges: new Map() });
  view.current = { ...view.current, span: Number(span), triggeredAt, preTriggerS };
  useShortcuts(spans.map(([value, words], i) => ({ keys: String(i + 1), words: `Plot: ${words}`, group: 'This test', run: () => setSpan(value) })));

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) {
      return undefined;
    }
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let frame = 0;
    let edge = feed.buffer.lastAt;
    let before = performance.now();
    let drawn = '';
    const unlisten = feed.subscribe('trace', () => {
      drawn = '';
    });
    const restyle = (): void => {
      drawn = '';
    };
    document.addEventListener('pouchmonitor-theme', restyle);
    const draw = (now: number): void => {
      frame = requestAnimationFrame(draw);
      const elapsed = Math.min(0.25, (now - before) / 1000);
      before = now;
      edge = nextEdge(edge, feed.buffer.lastAt, isMoving && !isCalm ? elapsed : Infinity);
      const width = element.clientWidth;
      const height = element.clientHeight;
      const moved = Math.round((edge * width) / (view.current.span > 0 ? view.current.span : 600));
      const key = `${moved}/${width}/${height}/${view.current.span}/${view.current.triggeredAt}/${window.devicePixelRatio}`;
      if (width < 20 || key === drawn || document.hidden) {
        return;
      }
      drawn = key;
      fit(element, context, width, height);
      paint(context, feed.buffer, edge, view.current, width, height);
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      unlisten();
      document.removeEventListener('pouchmonitor-theme', restyle);
    };
  }, [feed, isMoving]);

  const png = (): void => {
    const context = canvas.current?.getContext('2d');
    if (context) {
      saveFastPng(test, feed.buffer, view.current, context);
    }
  };
  return (
    <section class="panel abuse-plot" aria-label="Plot">
      <div class="abuse-plot-head">
        <Choice name="plot-span" legend="Shown" options={spans} chosen={span} onChoose={setSpan} hidesLegend />
        <ExportButtons what="plot" png={png} csv={() => saveFastCsv(test, feed.buffer, view.current)} />
      </div>
      <canvas ref={canvas} role="img" aria-label={labelOf(feed, triggeredAt)} />
    </section>
  );
}

function fit(element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

function labelOf(feed: AbuseFeed, triggeredAt: number | null): string {
  const shown = lanesOf(feed.buffer).flatMap((lane) => lane.lines.map((line) => line.title));
  const since = triggeredAt === null ? 'not triggered yet' : `${stopwatch(feed.buffer.lastAt - triggeredAt)} after the trigger`;
  return shown.length === 0 ? 'Plot, no samples yet' : `Plot of ${shown.join(', ')}, ${since}. The figures stand in the tables beside it.`;
}
