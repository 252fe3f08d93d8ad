// Four small plots against the cycle number: capacity, coulombic efficiency, polarization, retention.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Cell, Cycle } from '../api/types';
import { cycleColumns, referenceCapacityAh } from '../logic/cycles';
import { fixed } from '../logic/format';
import { atLeast, indexAxis, legendValue, valueAxis } from './axes';
import { fileName } from './csv';
import { saveCsv, savePng } from './export';
import { Plot, type PlotOptions } from './plot';
import { plotColours, type PlotColours } from './theme';

interface Line {
  readonly label: string;
  readonly colour: keyof PlotColours;
  readonly dash?: number[];
}

function cyclePlot(lines: readonly Line[], decimals: number, smallestRange: number): (colours: PlotColours) => PlotOptions {
  return (colours) => ({
    scales: { x: { time: false, range: (_plot, from, to) => (from === to ? [from - 1, to + 1] : [from - 0.5, to + 0.5]) }, y: { range: atLeast(smallestRange) } },
    axes: [indexAxis(colours), valueAxis(colours)],
    series: [
      { label: 'Cycle', value: legendValue((value) => fixed(value, 0)) },
      ...lines.map((line): uPlot.Series => ({
        label: line.label,
        stroke: colours[line.colour],
        width: 1.5,
        points: { show: true, size: 5, stroke: colours[line.colour], fill: line.dash ? colours.panel : colours[line.colour] },
        ...(line.dash ? { dash: line.dash } : {}),
        value: legendValue((value) => fixed(value, decimals)),
      })),
    ],
    cursor: { drag: { x: false, y: false }, sync: { key: 'cycles' } },
    legend: { live: true },
  });
}

const capacity = cyclePlot([{ label: 'Discharge', colour: 'discharge' }, { label: 'Charge', colour: 'charge', dash: [4, 3] }], 4, 0.01);
const efficiency = cyclePlot([{ label: 'CE', colour: 'voltage' }], 2, 1);
const polarization = cyclePlot([{ label: 'Gap', colour: 'current' }], 1, 5);
const retention = cyclePlot([{ label: 'Retention', colour: 'discharge' }], 1, 5);

export function CyclePlots({ name, cell, cycles }: { readonly name: string; readonly cell: Cell | null; readonly cycles: readonly Cycle[] }): JSX.Element {
  const reference = referenceCapacityAh(cell, cycles);
  const columns = useMemo(() => cycleColumns(cycles, reference), [cycles, reference]);
  const plots = useRef(new Map<string, uPlot>());
  const made = (key: string) => (plot: uPlot | null): void => {
    if (plot) {
      plots.current.set(key, plot);
    } else {
      plots.current.delete(key);
    }
  };
  const png = (): void => {
    const colours = plotColours();
    savePng(fileName(name, 'cycles.png'), `${name}: capacity (Ah), coulombic efficiency (%), polarization (mV), retention (%)`, [...plots.current.values()], colours.panel, colours.text, colours.font);
  };
  const csv = (): void =>
    saveCsv(fileName(name, 'cycles.csv'), cycleFields, cycles.map((cycle) => cycleFields.map((field) => cycle[field] ?? null)));
  const figures = [
    { key: 'capacity', title: 'Capacity', unit: 'Ah', options: capacity, data: [columns.index, columns.dischargeAh, columns.chargeAh] },
    { key: 'efficiency', title: 'Coulombic efficiency', unit: '%', options: efficiency, data: [columns.index, columns.efficiencyPercent] },
    { key: 'polarization', title: 'Polarization', unit: 'mV', options: polarization, data: [columns.index, columns.polarizationMillivolts] },
    { key: 'retention', title: 'Retention', unit: '%', options: retention, data: [columns.index, columns.retentionPercent] },
  ];
  return (
    <section class="panel" aria-labelledby="cycle-plots">
      <header class="panel-head">
        <h2 id="cycle-plots">Cycles</h2>
        <p class="hint">{reference === null ? '' : `Retention against ${fixed(reference, 4)} Ah`}</p>
        <div class="tools"><button type="button" onClick={png}>PNG</button><button type="button" onClick={csv}>CSV</button></div>
      </header>
      <div class="plot-grid">
        {figures.map((figure) => (
          <figure key={figure.key}>
            <figcaption>{figure.title} <span class="unit">{figure.unit}</span></figcaption>
            <Plot title={`${figure.title} in ${figure.unit} against the cycle number; the values are in the table below`} options={figure.options} data={figure.data as uPlot.AlignedData} height={170} onMade={made(figure.key)} />
          </figure>
        ))}
      </div>
    </section>
  );
}

const cycleFields = [
  'index', 'start', 'end', 'chargeCapacityAh', 'dischargeCapacityAh', 'coulombicEfficiency', 'coulombicEfficiencyUncertainty',
  'chargeEnergyWh', 'dischargeEnergyWh', 'meanChargeVoltageV', 'meanDischargeVoltageV', 'polarizationV', 'maxTemperatureC',
  'quality', 'qualityReason', 'revision',
] as const;
