// Voltage, current and temperatures of one cell against time: follows the newest sample until a range is dragged open.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { api } from '../api/client';
import type { Cell, Samples } from '../api/types';
import { fixed, signed } from '../logic/format';
import { sampleColumns, spanWords, windowStart, type Span } from '../logic/samples';
import { clock } from '../state/clock';
import { recall, remember } from '../state/settings';
import { atLeast, legendValue, timeAxis, valueAxis } from './axes';
import { fileName } from './csv';
import { saveCsv, savePng } from './export';
import { Plot, type PlotOptions } from './plot';
import { plotColours, type PlotColours } from './theme';

/** The next reading waits at least this long, and four times as long as the last one took. */
const refreshMilliseconds = 2000;
const points = 900;

const common = (colours: PlotColours, smallest: number, labels: boolean): Pick<PlotOptions, 'scales' | 'axes' | 'cursor' | 'legend'> => ({
  scales: { x: { time: true }, y: { range: atLeast(smallest) } },
  axes: [timeAxis(colours, labels), valueAxis(colours)],
  cursor: { drag: { x: true, y: false, setScale: false }, sync: { key: 'samples' } },
  legend: { live: true },
});

const timeSeries: uPlot.Series = { label: 'Time', value: legendValue((value) => (value === null ? '–' : clock.full(value))) };

const line = (label: string, colour: string, format: (value: number | null) => string, dash?: number[]): uPlot.Series => ({
  label,
  stroke: colour,
  width: 1.5,
  points: { show: false },
  spanGaps: false,
  ...(dash ? { dash } : {}),
  value: legendValue(format),
});

const plainVoltagePlot = (colours: PlotColours): PlotOptions => ({
  ...common(colours, 0.02, false),
  series: [timeSeries, line('Voltage', colours.voltage, (value) => fixed(value, 4))],
});

/** With the lowest and highest reading between two points as a band behind the line. */
const bandVoltagePlot = (colours: PlotColours): PlotOptions => ({
  ...common(colours, 0.02, false),
  series: [
    timeSeries,
    line('Voltage', colours.voltage, (value) => fixed(value, 4)),
    { label: 'Min', stroke: 'transparent', points: { show: false }, value: legendValue((value) => fixed(value, 4)) },
    { label: 'Max', stroke: 'transparent', points: { show: false }, value: legendValue((value) => fixed(value, 4)) },
  ],
  bands: [{ series: [3, 2], fill: colours.band }],
});

const currentPlot = (colours: PlotColours): PlotOptions => ({
  ...common(colours, 0.1, false),
  series: [timeSeries, line('Current', colours.current, (value) => signed(value, 3))],
});

const temperaturePlot = (colours: PlotColours): PlotOptions => ({
  ...common(colours, 2, true),
  series: [
    timeSeries,
    line('Surface', colours.surface, (value) => fixed(value, 1)),
    line('Infrared', colours.infrared, (value) => fixed(value, 1), [6, 3]),
    line('Ambient', colours.ambient, (value) => fixed(value, 1), [2, 3]),
  ],
});

const spans: readonly Span[] = ['minutes', 'hours', 'cycles', 'all'];

export function LivePlots({ name, cell }: { readonly name: string; readonly cell: Cell | null }): JSX.Element {
  const [span, setSpan] = useState<Span>(() => spans.find((known) => known === recall('span')) ?? 'cycles');
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const [samples, setSamples] = useState<Samples | null>(null);
  const [error, setError] = useState<string | null>(null);
  const latest = useRef(cell);
  latest.current = cell;
  const plots = useRef(new Map<string, uPlot>());

  useEffect(() => {
    const controller = new AbortController();
    let timer = 0;
    const load = async (): Promise<void> => {
      const started = performance.now();
      try {
        const now = latest.current;
        const from = zoom ? zoom[0] : windowStart(span, now?.time ?? null, now?.lastCycle?.start ?? null);
        if (!document.hidden || samples === null) {
          setSamples(await api.samples(name, from, zoom ? zoom[1] : null, points, controller.signal));
        }
        setError(null);
      } catch (cause) {
        if (controller.signal.aborted) {
          return;
        }
        setError(cause instanceof Error ? cause.message : String(cause));
      }
      if (!zoom && !controller.signal.aborted) {
        timer = window.setTimeout(() => void load(), Math.max(refreshMilliseconds, 4 * (performance.now() - started)));
      }
    };
    void load();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [name, span, zoom]);

  const columns = useMemo(() => (samples ? sampleColumns(samples) : null), [samples]);
  const data = useMemo(() => {
    if (!columns) {
      return null;
    }
    const pick = (...fields: (keyof typeof columns)[]): uPlot.AlignedData => fields.map((field) => columns[field]) as unknown as uPlot.AlignedData;
    const banded = columns.voltageMinimumV.some((value) => value !== null);
    return {
      banded,
      voltage: banded ? pick('time', 'voltageV', 'voltageMinimumV', 'voltageMaximumV') : pick('time', 'voltageV'),
      current: pick('time', 'currentA'),
      temperature: pick('time', 'surfaceC', 'infraredC', 'ambientC'),
    };
  }, [columns]);

  const made = (key: string) => (plot: uPlot | null): void => {
    if (plot) {
      plots.current.set(key, plot);
    } else {
      plots.current.delete(key);
    }
  };
  const choose = (next: Span): void => {
    remember('span', next);
    setZoom(null);
    setSpan(next);
  };
  const png = (): void => {
    const colours = plotColours();
    savePng(fileName(name, 'samples.png'), `${name}: voltage (V), current (A), temperatures (°C), times in ${clock.zoneName}`, [...plots.current.values()], colours.panel, colours.text, colours.font);
  };
  const csv = (): void => {
    if (samples) {
      saveCsv(fileName(name, 'samples.csv'), samples.columns, samples.rows);
    }
  };
  return (
    <section class="panel" aria-labelledby="live-plots">
      <header class="panel-head">
        <h2 id="live-plots">Measurements</h2>
        <p class="hint">{zoom ? `${clock.full(zoom[0])} to ${clock.timeOfDay(zoom[1])}` : `Times in ${clock.zoneName}. Drag across a plot to zoom.`}</p>
        <div class="tools">
          {zoom ? <button type="button" class="primary" onClick={() => setZoom(null)}>Back to live</button> : null}
          <div class="switch" role="group" aria-label="Time span">
            {spans.map((known) => <button key={known} type="button" aria-pressed={!zoom && span === known} onClick={() => choose(known)}>{spanWords[known]}</button>)}
          </div>
          <button type="button" onClick={png}>PNG</button><button type="button" onClick={csv}>CSV</button>
        </div>
      </header>
      {error ? <p class="form-error" role="status">{error} Shown is what was read before.</p> : null}
      {data && columns && columns.time.length > 0 ? (
        <div class="plot-stack">
          <figure><figcaption>Voltage <span class="unit">V</span></figcaption><Plot title={`Voltage of ${name} against time`} options={data.banded ? bandVoltagePlot : plainVoltagePlot} data={data.voltage} height={210} onZoom={setZoom} onMade={made('voltage')} /></figure>
          <figure><figcaption>Current <span class="unit">A, positive charges</span></figcaption><Plot title={`Current of ${name} against time`} options={currentPlot} data={data.current} height={140} onZoom={setZoom} onMade={made('current')} /></figure>
          <figure><figcaption>Temperature <span class="unit">°C</span></figcaption><Plot title={`Temperatures of ${name} against time`} options={temperaturePlot} data={data.temperature} height={200} onZoom={setZoom} onMade={made('temperature')} /></figure>
        </div>
      ) : (
        <p class="waiting">{samples ? 'No samples in this span.' : 'Reading samples.'}</p>
      )}
    </section>
  );
}
