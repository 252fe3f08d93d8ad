// How the fast plot is painted: a lane for each unit, one above the other, with one axis of time from the trigger.
import { extend, niceStep, settledRange, ticks, timeStep, trace, type Extent } from '../logic/abuse-plot';
import type { Line, TraceBuffer } from '../logic/abuse-live';
import { stopwatch } from '../logic/abuse';
import { unitSymbol } from '../logic/format';
import { decimalsFor } from '../plots/decimals';
import { plotColours, type PlotColours } from '../plots/theme';

export interface PlotView {
  /** Seconds shown; 0 for all there is, negative for the event with what is kept from before it. */
  readonly span: number;
  readonly triggeredAt: number | null;
  readonly preTriggerS: number;
  /** Ranges as they were painted last, by unit. */
  readonly ranges: Map<string, Extent>;
}

interface Lane {
  readonly unit: string;
  readonly share: number;
  /** No narrower than this, in the unit. */
  readonly narrowest: number;
  readonly lines: readonly Line[];
}

const left = 62;
const right = 12;
const bottom = 26;
const laneGap = 10;
/** Numbers and times are read from some way off. */
const fontPixels = 14;

const order: readonly (readonly [unit: string, share: number, narrowest: number])[] = [['V', 3, 0.05], ['C', 4, 4], ['A', 1.5, 0.2], ['N', 1.5, 10], ['mm', 1, 1]];

export const lanesOf = (buffer: TraceBuffer): readonly Lane[] =>
  order.map(([unit, share, narrowest]) => ({ unit, share, narrowest, lines: [...buffer.lines.values()].filter((line) => line.unit === unit) }))
    .filter((lane) => lane.lines.length > 0);

/** Where the plot begins, s. */
export function shownFrom(lanes: readonly Lane[], edge: number, view: PlotView): number {
  const first = Math.min(...lanes.flatMap((lane) => lane.lines.map((line) => line.times[0] ?? Infinity)));
  return Math.min(edge - 1, view.span > 0 ? edge - view.span : view.span === 0 ? first : view.triggeredAt === null ? edge - 30 : view.triggeredAt - view.preTriggerS);
}

export function paint(context: CanvasRenderingContext2D, buffer: TraceBuffer, edge: number, view: PlotView, width: number, height: number): void {
  const colours = plotColours();
  context.clearRect(0, 0, width, height);
  context.font = `${fontPixels}px ${getComputedStyle(context.canvas).fontFamily}`;
  const lanes = lanesOf(buffer);
  if (lanes.length === 0 || !Number.isFinite(edge)) {
    context.fillStyle = colours.text;
    context.textAlign = 'left';
    context.fillText('No samples yet', left, height / 2);
    return;
  }
  const from = shownFrom(lanes, edge, view);
  const area = { x: left, width: width - left - right, from, to: edge };
  paintTimes(context, colours, area, view, height);
  const free = height - bottom - laneGap * (lanes.length - 1) - 4;
  const shares = lanes.reduce((sum, lane) => sum + lane.share, 0);
  let top = 4;
  for (const lane of lanes) {
    const tall = (free * lane.share) / shares;
    paintLane(context, colours, lane, area, view, top, tall);
    top += tall + laneGap;
  }
}

interface Area {
  readonly x: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

function paintTimes(context: CanvasRenderingContext2D, colours: PlotColours, area: Area, view: PlotView, height: number): void {
  const origin = view.triggeredAt ?? area.to;
  const at = (time: number): number => area.x + ((time - area.from) * area.width) / (area.to - area.from);
  const span = area.to - area.from;
  const step = timeStep(span, Math.max(2, area.width / 110));
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.lineWidth = 1;
  if (view.triggeredAt !== null) {
    // The seconds before the trigger, which nobody saw coming, on a ground of their own.
    const begin = Math.max(area.x, at(view.triggeredAt - view.preTriggerS));
    const end = Math.min(area.x + area.width, at(view.triggeredAt));
    if (end > begin) {
      context.fillStyle = colours.gap;
      context.fillRect(begin, 4, end - begin, height - bottom - 4);
    }
  }
  for (const tick of ticks(area.from - origin, area.to - origin, step)) {
    const x = Math.round(at(origin + tick)) + 0.5;
    context.strokeStyle = colours.grid;
    context.beginPath();
    context.moveTo(x, 4);
    context.lineTo(x, height - bottom);
    context.stroke();
    context.fillStyle = colours.text;
    const label = span <= 180 ? `${tick > 0 ? '+' : tick < 0 ? '\u2212' : ''}${Math.abs(Math.round(tick))} s` : stopwatch(tick);
    context.fillText(label, Math.min(area.x + area.width - 18, Math.max(area.x + 10, x)), height - 7);
  }
  if (view.triggeredAt !== null && view.triggeredAt >= area.from && view.triggeredAt <= area.to) {
    const x = at(view.triggeredAt);
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(x, 4);
    context.lineTo(x, height - bottom);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.ink;
    context.textAlign = x > area.x + area.width - 80 ? 'right' : 'left';
    context.fillText('Trigger', x + (x > area.x + area.width - 80 ? -6 : 6), fontPixels + 4);
  }
}

function paintLane(context: CanvasRenderingContext2D, colours: PlotColours, lane: Lane, area: Area, view: PlotView, top: number, tall: number): void {
  const extent: Extent = { least: Infinity, most: -Infinity };
  lane.lines.forEach((line) => extend(extent, line, area.from, area.to));
  const range = settledRange(extent, view.ranges.get(lane.unit) ?? null, lane.narrowest);
  view.ranges.set(lane.unit, range);
  const y = (value: number): number => top + tall - ((value - range.least) * tall) / (range.most - range.least);
  context.lineWidth = 1;
  context.strokeStyle = colours.grid;
  context.strokeRect(area.x + 0.5, Math.round(top) + 0.5, area.width - 1, Math.round(tall) - 1);
  const step = niceStep(range.most - range.least, Math.max(1, tall / 26));
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of ticks(range.least, range.most, step)) {
    const at = Math.round(y(tick)) + 0.5;
    context.beginPath();
    context.moveTo(area.x, at);
    context.lineTo(area.x + area.width, at);
    context.stroke();
    if (at > top + 6 && at < top + tall - 4) {
      context.fillStyle = colours.text;
      context.fillText(tick.toFixed(decimalsFor(step)).replace('-', '\u2212'), area.x - 6, at);
    }
  }
  context.save();
  context.beginPath();
  context.rect(area.x, top, area.width, tall);
  context.clip();
  lane.lines.forEach((line, i) => {
    context.strokeStyle = colourOf(colours, lane.unit, line, i);
    context.lineWidth = 2;
    context.setLineDash(i === 0 ? [] : dashes[i % dashes.length] ?? []);
    context.beginPath();
    trace(line, area.from, area.to, area.width, {
      move: (x, value) => context.moveTo(area.x + x, y(value)),
      line: (x, value) => context.lineTo(area.x + x, y(value)),
    });
    context.stroke();
  });
  context.restore();
  paintNames(context, colours, lane, area, top);
}

/** Lines of one lane differ by dash as well as by colour. */
const dashes: readonly number[][] = [[], [8, 3], [3, 3], [12, 3, 3, 3], [2, 5]];

function paintNames(context: CanvasRenderingContext2D, colours: PlotColours, lane: Lane, area: Area, top: number): void {
  context.textAlign = 'left';
  context.textBaseline = 'top';
  let x = area.x + 8;
  lane.lines.forEach((line, i) => {
    const words = `${line.title}${i === lane.lines.length - 1 ? `  ${unitSymbol(lane.unit)}` : ''}`;
    const wide = context.measureText(words).width;
    if (x + wide + 30 > area.x + area.width) {
      return;
    }
    context.fillStyle = colours.panel;
    context.globalAlpha = 0.82;
    context.fillRect(x - 4, top + 3, wide + 36, fontPixels + 6);
    context.globalAlpha = 1;
    context.strokeStyle = colourOf(colours, lane.unit, line, i);
    context.lineWidth = 3;
    context.setLineDash(i === 0 ? [] : dashes[i % dashes.length] ?? []);
    context.beginPath();
    context.moveTo(x, top + 12);
    context.lineTo(x + 20, top + 12);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.ink;
    context.fillText(words, x + 26, top + 5);
    x += wide + 44;
  });
}

function colourOf(colours: PlotColours, unit: string, line: Line, i: number): string {
  if (unit === 'V') {
    return colours.voltage;
  }
  if (unit !== 'C') {
    return colours.current;
  }
  const name = line.id.toLowerCase();
  return name.includes('infra') ? colours.infrared : name.includes('ambient') ? colours.ambient : [colours.surface, colours.critical, colours.advisory, colours.charge][i % 4] ?? colours.surface;
}
