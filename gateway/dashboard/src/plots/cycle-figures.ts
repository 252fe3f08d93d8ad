// The figures against the cycle number: what each draws, with bands where an uncertainty or a spread is known.
import type uPlot from 'uplot';
import type { Pulse, Standing } from '../api/cell-types';
import type { Cycle } from '../api/types';
import { curveAt, cycleColumns, cycleResistances, type Column, type Ends, type ResistanceField } from '../logic/cycles';
import { fixed } from '../logic/format';
import { atLeast, indexAxis, legendValue, valueAxis } from './axes';
import type { PlotOptions } from './plot';
import type { PlotColours } from './theme';

export interface FigureLine {
  readonly label: string;
  /** A colour of the theme by its name, or one by itself. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly values: Column;
  /** True where places that only other lines have are no gaps of this one. */
  readonly spans?: boolean;
  /** A line without points: a curve that is given and not measured. */
  readonly isCurve?: boolean;
  /** Lower and upper end of a band around it. */
  readonly band?: { readonly low: Column; readonly high: Column; readonly words: string };
}

export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly decimals: number;
  readonly smallest: number;
  readonly index: readonly number[];
  readonly lines: readonly FigureLine[];
}

const resistances: readonly { readonly field: ResistanceField; readonly label: string; readonly colour: string; readonly dash?: readonly number[] }[] = [
  { field: 'r0Ohm', label: 'At once', colour: 'voltage' },
  { field: 'r1sOhm', label: '1 s', colour: 'current', dash: [4, 3] },
  { field: 'r10sOhm', label: '10 s', colour: 'surface', dash: [2, 3] },
];

const isKnown = (values: Column): boolean => values.some((value) => value !== null);

/** What a band of an uncertainty is called; a spread of several values has its own words. */
export const uncertaintyWords = 'Uncertainty, k = 1';

const banded = (ends: Ends): Pick<FigureLine, 'band'> => (isKnown(ends.low) ? { band: { ...ends, words: uncertaintyWords } } : {});

export function cycleFigures(cycles: readonly Cycle[], pulses: readonly Pulse[], standing: Standing | null, referenceAh: number | null): Figure[] {
  const columns = cycleColumns(cycles, referenceAh);
  const { index } = columns;
  const expected = index.map((cycle) => scale(curveAt(standing?.profileContent.referenceRetention, cycle), 100));
  const end = standing ? index.map(() => standing.profileContent.endOfLifeRetention * 100) : [];
  const reference = columns.polarizationMillivolts[index.indexOf(standing?.referenceCycle ?? -1)] ?? null;
  const expectedGap = index.map((cycle) => (reference === null ? null : scale(curveAt(standing?.profileContent.referencePolarization, cycle), reference)));
  const ohms = resistances.map((one) => ({ ...one, values: cycleResistances(cycles, pulses, one.field) })).filter(({ values }) => values.some(({ median }) => median !== null));
  const figures: Figure[] = [
    {
      key: 'capacity', title: 'Capacity', unit: 'Ah', decimals: 4, smallest: 0.01, index,
      lines: [
        { label: 'Discharge', colour: 'discharge', values: columns.dischargeAh, ...banded(columns.dischargeEndsAh) },
        { label: 'Charge', colour: 'charge', dash: [4, 3], values: columns.chargeAh, ...banded(columns.chargeEndsAh) },
      ],
    },
    {
      key: 'retention', title: 'Retention', unit: '%', decimals: 1, smallest: 5, index,
      lines: [
        { label: 'Retention', colour: 'discharge', values: columns.retentionPercent },
        ...(isKnown(expected) ? [{ label: 'Reference curve', colour: 'ambient', dash: [6, 4], isCurve: true, values: expected }] : []),
        ...(standing && Math.min(...columns.retentionPercent.filter((value) => value !== null)) < end[0]! + 6 ? [{ label: 'End of life', colour: 'warning', dash: [1, 3], isCurve: true, values: end }] : []),
      ],
    },
    {
      key: 'efficiency', title: 'Coulombic efficiency', unit: '%', decimals: 3, smallest: 0.2, index,
      lines: [{ label: 'CE', colour: 'voltage', values: columns.efficiencyPercent, ...banded(columns.efficiencyEndsPercent) }],
    },
    {
      key: 'polarization', title: 'Polarization', unit: 'mV', decimals: 1, smallest: 5, index,
      lines: [
        { label: 'Mean-voltage gap', colour: 'current', values: columns.polarizationMillivolts, ...banded(columns.polarizationEndsMillivolts) },
        ...(isKnown(expectedGap) ? [{ label: 'Reference curve', colour: 'ambient', dash: [6, 4], isCurve: true, values: expectedGap }] : []),
      ],
    },
    {
      key: 'resistance', title: 'Resistance at current steps', unit: 'mΩ', decimals: 2, smallest: 1, index,
      lines: ohms.map(({ label, colour, dash, values }) => ({
        label, colour, ...(dash ? { dash } : {}), values: values.map(({ median }) => median),
        band: { low: values.map(({ low }) => low), high: values.map(({ high }) => high), words: `${label}, spread in the cycle` },
      })),
    },
    { key: 'energy', title: 'Energy efficiency', unit: '%', decimals: 2, smallest: 0.5, index, lines: [{ label: 'Energy efficiency', colour: 'surface', values: columns.energyEfficiencyPercent }] },
  ];
  return figures.filter((figure) => figure.lines.some((line) => isKnown(line.values)));
}

const scale = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

/** What makes two figures the same plot, so that only their data are fed anew. */
export const shapeOf = (figure: Figure): string =>
  `${figure.key}:${figure.decimals}:${figure.lines.map((line) => `${line.label}/${line.colour}/${line.band ? 'b' : ''}`).join(',')}`;

/** A colour as a line of a figure names it. */
export const colourOf = (colours: PlotColours, name: string): string => (name in colours ? colours[name as keyof PlotColours] : name);

export function figureOptions(figure: Figure, syncKey: string, isContinuous = false): (colours: PlotColours) => PlotOptions {
  return (colours) => {
    const series: uPlot.Series[] = [{ label: isContinuous ? 'At' : 'Cycle', value: legendValue((value) => fixed(value, isContinuous ? 2 : 0)) }];
    const bands: uPlot.Band[] = [];
    for (const line of figure.lines) {
      series.push({
        label: line.label, stroke: colourOf(colours, line.colour), width: 1.5, spanGaps: line.spans ?? false, ...(line.dash ? { dash: [...line.dash] } : {}),
        points: { show: !line.isCurve, size: 5, stroke: colourOf(colours, line.colour), fill: line.dash ? colours.panel : colourOf(colours, line.colour) },
        value: legendValue((value) => fixed(value, figure.decimals)),
      });
      if (line.band) {
        // With several lines the legend would be all edges.
        const edge = { stroke: 'transparent', spanGaps: line.spans ?? false, ...(figure.lines.length > 1 ? { class: 'is-edge' } : {}), points: { show: false }, value: legendValue((value) => fixed(value, figure.decimals)) };
        series.push({ ...edge, label: 'from' }, { ...edge, label: 'to' });
        bands.push({ series: [series.length - 1, series.length - 2], fill: `color-mix(in srgb, ${colourOf(colours, line.colour)} 24%, transparent)` });
      }
    }
    return {
      scales: { x: { time: false, range: (_plot, from, to) => (from === to ? [from - 1, to + 1] : [from - 0.5, to + 0.5]) }, y: { range: atLeast(figure.smallest) } },
      axes: [isContinuous ? { ...valueAxis(colours), size: 30 } : indexAxis(colours), valueAxis(colours)],
      series, bands,
      cursor: { drag: { x: false, y: false }, sync: { key: syncKey } },
      legend: { live: true, markers: { dash: (plot, at) => markerOf(plot.series[at]?.dash) } },
    };
  };
}

/** The border of a legend's marker, as near as a border comes to a dash. */
const markerOf = (dash: readonly number[] | undefined): string => (!dash || dash.length === 0 ? 'solid' : (dash[0] as number) > 3 ? 'dashed' : 'dotted');

export const figureData = (figure: Figure): uPlot.AlignedData =>
  [figure.index, ...figure.lines.flatMap((line) => (line.band ? [line.values, line.band.low, line.band.high] : [line.values]))] as unknown as uPlot.AlignedData;
