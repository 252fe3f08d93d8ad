// The heat balance of one cycle: what the temperatures say the cell gives off, what of it warms it, and what its resistance explains.
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { cellAddress, cellApi } from '../api/cell';
import type { Heat } from '../api/cell-types';
import type { Cycle } from '../api/types';
import { fixed } from '../logic/format';
import { ExportButtons } from '../parts/export-buttons';
import { useAnswer } from '../state/answer';
import { clock } from '../state/clock';
import { atLeast, legendValue, timeAxis, valueAxis } from './axes';
import { fileName } from './csv';
import { saveCsv, savePng } from './export';
import { Plot, type PlotOptions } from './plot';
import { plotColours, type PlotColours } from './theme';

const milli = (value: number | null | undefined): number | null => (value === null || value === undefined ? null : value * 1000);

/** Columns for the plot, in mW: heat with the band of its uncertainty (two standard deviations), stored heat, Joule heat. */
export function heatColumns(heat: Heat): (number | null)[][] {
  const at = (name: string): number => heat.columns.indexOf(name);
  const pick = (name: string): (number | null)[] => heat.rows.map((row) => milli(row[at(name)]));
  const total = pick('heatW');
  const deviation = pick('uncertaintyW');
  const edge = (sign: number): (number | null)[] => total.map((value, index) => (value === null || deviation[index] === null ? null : value + sign * 2 * (deviation[index] as number)));
  return [heat.rows.map((row) => row[at('time')] ?? null), total, edge(-1), edge(1), pick('storedW'), pick('jouleW')];
}

const options = (colours: PlotColours): PlotOptions => {
  const value = legendValue((mW) => fixed(mW, 1));
  const line = (label: string, stroke: string, dash?: number[]): uPlot.Series => ({ label, stroke, width: 1.5, points: { show: false }, value, ...(dash ? { dash } : {}) });
  return {
    scales: { x: { time: true }, y: { range: atLeast(10) } },
    axes: [timeAxis(colours, true), valueAxis(colours)],
    series: [
      { label: 'Time', value: legendValue((time) => (time === null ? '–' : clock.full(time))) },
      line('Heat given off', colours.surface), { ...line('from', 'transparent'), class: 'is-edge' }, { ...line('to', 'transparent'), class: 'is-edge' },
      line('of it warming the cell', colours.ambient, [2, 3]), line('Joule heat I²R', colours.current, [6, 3]),
    ],
    bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${colours.surface} 20%, transparent)` }],
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
  };
};

export function HeatPlots({ name, test, cycles }: { readonly name: string; readonly test: string | null; readonly cycles: readonly Cycle[] }): JSX.Element {
  const [chosen, setChosen] = useState<number | null>(null);
  const made = useRef<uPlot | null>(null);
  const cycle = cycles.find((one) => one.index === chosen) ?? cycles[cycles.length - 1] ?? null;
  const [heat, error] = useAnswer((signal) => cellApi.heat(name, test, cycle?.start ?? null, cycle?.end ?? null, 600, signal), [name, test, cycle?.start, cycle?.end, cycle?.revision]);
  const data = useMemo(() => (heat ? heatColumns(heat) : []), [heat]);
  const lines = heat ? [
    `Test ${test ?? 'newest'}, cycle ${cycle?.index ?? '–'}, ${clock.full(heat.from)} to ${clock.full(heat.to)}`,
    `Heat capacity ${fixed(heat.heatCapacityJPerK, 1)} J/K, cooling ${fixed(heat.coolingSeconds, 0)} s ${heat.coolingLearned ? 'learned from rests' : 'as usual in still air'}, blocks of ${fixed(heat.blockSeconds, 0)} s`,
  ] : [];
  const png = (): void => {
    const colours = plotColours();
    if (made.current) {
      savePng(fileName(name, 'heat.png'), {
        title: `${name}: heat balance`, lines, bottom: `Time (${clock.zoneName})`,
        plots: [{ plot: made.current, caption: 'Heat (mW, positive is given off)', legend: [{ label: 'Heat given off (band: ± 2 standard deviations)', colour: colours.surface }, { label: 'Warming the cell', colour: colours.ambient, dash: [2, 3] }, { label: 'Joule heat', colour: colours.current, dash: [6, 3] }] }],
      });
    }
  };
  const csv = (): void => heat ? saveCsv(fileName(name, 'heat.csv'), ['time (Unix s)', 'heat given off (W)', 'stored (W)', 'Joule heat (W)', 'above ambient (K)', 'standard deviation of heat (W)'], heat.rows) : undefined;
  return (
    <section class="panel" aria-labelledby="heat">
      <header class="panel-head">
        <h2 id="heat">Heat balance</h2>
        <label class="test-choice">Cycle{' '}
          <select value={String(cycle?.index ?? '')} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {[...cycles].reverse().slice(0, 500).map((one) => <option key={one.index} value={String(one.index)}>{one.index}</option>)}
          </select>
        </label>
        <div class="tools"><ExportButtons what="heat balance" png={png} csv={csv} raw={cellAddress(name, 'heat', { test, from: cycle?.start ?? null, to: cycle?.end ?? null, points: 3000 })} /></div>
      </header>
      <p class="hint">
        mW, positive where the cell gives heat off. {heat ? `Smallest heat that can be told: about ${fixed(milli(heat.smallestW === null ? null : heat.smallestW * 2), 0)} mW. ${lines[1]}.` : ''} What lies above
        the Joule heat is reversible or other heat; the rule heat-residual alone judges it.
      </p>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {heat && heat.rows.length > 0
        ? <Plot title={`Heat of ${name} in mW in cycle ${cycle?.index ?? ''}`} options={options} data={data as unknown as uPlot.AlignedData} height={220} onMade={(plot) => { made.current = plot; }} />
        : <p class="waiting">{heat ? heat.reason ?? 'Nothing to show in this cycle.' : error ? '' : 'Reading.'}</p>}
    </section>
  );
}
