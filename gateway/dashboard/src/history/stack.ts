// The three plots of a test's history, one below the other on one time axis. Moved and fed in place: no page render is needed
// for a frame.
import uPlot from 'uplot';
import { atLeast, timeAxis, valueAxis } from '../plots/axes';
import type { LegendEntry, SheetPlot } from '../plots/export';
import { plotColours, type PlotColours } from '../plots/theme';
import { drawColumns } from './columns';
import type { Composed } from './compose';
import type { TimelineEvent } from './events';
import { attachGestures, type GestureTarget } from './gestures';
import type { ShownColumn } from './tiles';
import type { Range } from './view';

interface Trace {
  readonly column: ShownColumn;
  readonly label: string;
  readonly colour: 'voltage' | 'current' | 'surface' | 'infrared' | 'ambient';
  readonly dash?: readonly number[];
}

export interface StackPlot {
  readonly key: string;
  readonly caption: string;
  readonly unit: string;
  readonly smallest: number;
  readonly height: number;
  readonly traces: readonly Trace[];
}

export const stackPlots: readonly StackPlot[] = [
  { key: 'voltage', caption: 'Voltage', unit: 'V', smallest: 0.005, height: 200, traces: [{ column: 'voltageV', label: 'Voltage', colour: 'voltage' }] },
  { key: 'current', caption: 'Current', unit: 'A, positive charges', smallest: 0.02, height: 130, traces: [{ column: 'currentA', label: 'Current', colour: 'current' }] },
  {
    key: 'temperature', caption: 'Temperature', unit: '°C', smallest: 1, height: 190,
    traces: [
      { column: 'surfaceC', label: 'Surface', colour: 'surface' },
      { column: 'infraredC', label: 'Infrared', colour: 'infrared', dash: [6, 3] },
      { column: 'ambientC', label: 'Ambient', colour: 'ambient', dash: [2, 3] },
    ],
  },
];

export interface Marks {
  readonly events: readonly TimelineEvent[];
  readonly steps: readonly TimelineEvent[];
}

export interface StackListener extends Omit<GestureTarget, 'timeAt' | 'markSelection'> {
  /** The time under the cursor, null when it leaves. */
  readonly cursor: (seconds: number | null) => void;
  /** Left edge and width of the plotting area within the host, in pixels. */
  readonly area: (left: number, width: number) => void;
}

const linear = uPlot.paths.linear!();

/** Points are drawn where samples are at least this many pixels apart. */
const pixelsPerPoint = 5;

export class PlotStack {
  private readonly plots: uPlot[] = [];
  private readonly detach: (() => void)[] = [];
  private readonly size: ResizeObserver;
  private colours: PlotColours = plotColours();
  private composed: Composed | null = null;
  private range: Range = { from: 0, to: 1 };
  private marks: Marks = { events: [], steps: [] };
  private isRaw = false;

  constructor(private readonly hosts: readonly HTMLElement[], private readonly listener: StackListener) {
    hosts.forEach((host, at) => this.make(host, stackPlots[at] as StackPlot, at === hosts.length - 1));
    this.size = new ResizeObserver(() => this.resize());
    this.size.observe(hosts[0] as HTMLElement);
    this.tellArea();
  }

  dispose(): void {
    this.size.disconnect();
    this.detach.forEach((undo) => undo());
    this.plots.forEach((plot) => plot.destroy());
  }

  /** Shows data and range; either may be what it was. */
  show(composed: Composed, range: Range, marks: Marks, isRaw: boolean): void {
    this.marks = marks;
    const turned = isRaw !== this.isRaw;
    this.isRaw = isRaw;
    const moved = range.from !== this.range.from || range.to !== this.range.to;
    const fed = composed !== this.composed;
    this.range = range;
    this.composed = composed;
    this.plots.forEach((plot, at) => {
      plot.batch(() => {
        if (fed || turned) {
          plot.setData(dataOf(composed, stackPlots[at] as StackPlot), false);
        }
        if (fed || turned || moved) {
          plot.setScale('x', { min: range.from, max: range.to });
        } else {
          plot.redraw(false);
        }
      });
    });
  }

  /** Puts the cursor of every plot on a time; null takes it away. */
  setCursor(seconds: number | null): void {
    for (const plot of this.plots) {
      plot.setCursor({ left: seconds === null ? -10 : plot.valToPos(seconds, 'x'), top: seconds === null ? -10 : plot.over.clientHeight / 2 }, false);
    }
  }

  sheet(): SheetPlot[] {
    return this.plots.map((plot, at) => {
      const one = stackPlots[at] as StackPlot;
      const legend = one.traces.map((trace): LegendEntry => ({ label: trace.label, colour: this.colours[trace.colour], ...(trace.dash ? { dash: trace.dash } : {}) }));
      return { plot, caption: `${one.caption} (${one.unit})`, ...(legend.length > 1 ? { legend } : {}) };
    });
  }

  private make(host: HTMLElement, one: StackPlot, isLast: boolean): void {
    const colours = this.colours;
    const series: uPlot.Series[] = [{}];
    for (const trace of one.traces) {
      // Samples are a line; intervals are drawn as the columns they are, which also costs a fraction of filling between two lines.
      series.push({
        stroke: colours[trace.colour], width: 1.4, spanGaps: false, ...(trace.dash ? { dash: [...trace.dash] } : {}),
        paths: (plot, index, from, to) => (this.isRaw ? linear(plot, index, from, to) : null),
        points: { show: (plot, _series, from, to) => this.isRaw && (to - from) * pixelsPerPoint < plot.over.clientWidth, size: 4, fill: colours[trace.colour] },
      }, { stroke: colours[trace.colour], paths: () => null, points: { show: false } });
    }
    const plot = new uPlot(
      {
        width: Math.max(120, host.clientWidth), height: one.height, series,
        legend: { show: false },
        padding: [8, 10, 0, 0],
        scales: { x: { time: true, auto: false }, y: { range: atLeast(one.smallest) } },
        axes: [timeAxis(colours, isLast), valueAxis(colours)],
        cursor: { drag: { x: false, y: false }, sync: { key: 'history', setSeries: false }, points: { size: 7 } },
        hooks: {
          drawClear: [(self) => this.drawGaps(self)],
          draw: [(self) => this.drawColumns(self, one), (self) => this.drawMarks(self)],
          setCursor: [(self) => this.listener.cursor((self.cursor.left ?? -1) < 0 ? null : self.posToVal(self.cursor.left as number, 'x'))],
        },
      },
      [[], ...one.traces.flatMap(() => [[], []])] as unknown as uPlot.AlignedData,
      host,
    );
    this.plots.push(plot);
    this.detach.push(attachGestures(plot.over, {
      ...this.listener,
      timeAt: (x) => plot.posToVal(x, 'x'),
      markSelection: (from, to) => this.plots.forEach((each) => each.setSelect(from === null || to === null
        ? { left: 0, top: 0, width: 0, height: 0 }
        : { left: from, top: 0, width: to - from, height: each.over.clientHeight }, false)),
    }));
  }

  private drawColumns(plot: uPlot, one: StackPlot): void {
    if (!this.isRaw && this.composed) {
      for (const trace of one.traces) {
        drawColumns(plot, this.composed, trace.column, this.colours[trace.colour], trace.dash !== undefined);
      }
    }
  }

  private drawGaps(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = this.colours.gap;
    for (const gap of this.composed?.gaps ?? []) {
      const left = Math.max(bbox.left, plot.valToPos(gap.from, 'x', true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(gap.to, 'x', true));
      if (right > left) {
        ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
      }
    }
    ctx.restore();
  }

  private drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const line = (seconds: number): void => {
      const x = Math.round(plot.valToPos(seconds, 'x', true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    };
    ctx.lineWidth = ratio;
    ctx.strokeStyle = this.colours.text;
    ctx.globalAlpha = 0.35;
    this.marks.steps.forEach((step) => line(step.time));
    ctx.globalAlpha = 0.9;
    for (const event of this.marks.events) {
      ctx.strokeStyle = event.severity ? this.colours[event.severity] : this.colours.text;
      ctx.setLineDash(event.kind === 'finding' ? [6 * ratio, 3 * ratio] : [2 * ratio, 3 * ratio]);
      line(event.time);
    }
    ctx.restore();
  }

  private resize(): void {
    const width = Math.max(120, this.hosts[0]?.clientWidth ?? 0);
    this.plots.forEach((plot, at) => plot.width !== width && plot.setSize({ width, height: (stackPlots[at] as StackPlot).height }));
    this.tellArea();
  }

  private tellArea(): void {
    const plot = this.plots[0];
    if (plot) {
      this.listener.area(plot.bbox.left / uPlot.pxRatio, plot.bbox.width / uPlot.pxRatio);
    }
  }
}

function dataOf(composed: Composed, one: StackPlot): uPlot.AlignedData {
  return [composed.time, ...one.traces.flatMap((trace) => [composed.low[trace.column], composed.high[trace.column]])] as unknown as uPlot.AlignedData;
}
