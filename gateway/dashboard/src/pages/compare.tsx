// Cells and cohorts beside one another, brought to the same measure: `#/compare?cells=a,b,c&by=profile&x=fullCycles`.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Cell } from '../api/types';
import { axes, comparisonHref, measures, mostCells, parseComparison, type Axis, type Comparison, type Grouping, type Measure } from '../logic/cohort';
import { fixed, percent } from '../logic/format';
import { fileName } from '../plots/csv';
import { saveCsv } from '../plots/export';
import { FigurePlot } from '../plots/figure';
import { useThemeVersion } from '../plots/plot';
import { cellHref } from '../state/route';
import { useStore } from '../state/store';
import '../styles/history.css';
import { useSubjects } from './compare-data';
import { comparisonFigure, groupsOf, rowsOf, type FigureRow } from './compare-figures';
import type { PageProps } from './pages';

const groupings: Readonly<Record<Grouping, string>> = { none: 'Each cell', profile: 'Profile', prefix: 'Name', bench: 'Bench' };
const refreshMilliseconds = 60_000;

export function Compare({ route }: PageProps): JSX.Element {
  const query = route.query.toString();
  const [comparison, setComparison] = useState(() => parseComparison(route.query));
  const [tick, setTick] = useState(0);
  useEffect(() => setComparison(parseComparison(route.query)), [query]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && setTick((count) => count + 1), refreshMilliseconds);
    return () => clearInterval(timer);
  }, []);
  const views = useStore((state) => state.cells);
  const bench = useMemo(() => new Map([...views.values()].map(({ cell }) => [cell.cell, benchOf(cell)])), [views]);
  const { subjects, errors, waiting } = useSubjects(comparison.cells, tick);
  const theme = useThemeVersion();
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  const groups = useMemo(() => groupsOf(subjects, comparison.grouping, (cell) => bench.get(cell) ?? 'not on a bench'), [subjects.map(({ cell, cycles }) => `${cell}${cycles.length}`).join(), comparison.grouping, tick]);
  const figures = useMemo(
    () => (Object.keys(measures) as Measure[]).map((measure) => comparisonFigure(groups, measure, comparison.axis, isDark)).filter((figure) => figure !== null),
    [groups, comparison.axis, isDark, theme],
  );
  const rows = useMemo(() => rowsOf(groups), [groups]);
  const change = (next: Partial<Comparison>): void => {
    const all = { ...comparison, ...next };
    setComparison({ ...all, leftOut: 0 });
    history.replaceState(null, '', comparisonHref(all));
  };
  const subject = comparison.cells.length <= 3 ? comparison.cells.join('-') : `${comparison.cells.length}-cells`;
  const lines = [comparison.cells.join(', '), `Newest test of each cell${comparison.grouping === 'none' ? '' : `; cohorts by ${groupings[comparison.grouping].toLowerCase()}, band: lowest and highest, from four cells on the quartiles`}`];
  return (
    <main id="main" class="cell-page">
      <div class="cell-title"><h1>Compare</h1><p class="hint">Up to {mostCells} cells. The address of this page holds the choice and can be sent on.</p></div>
      <section class="panel" aria-labelledby="compare-choice">
        <header class="panel-head">
          <h2 id="compare-choice">Cells</h2>
          <div class="tools">
            <Choice label="One line for" values={groupings} value={comparison.grouping} onChoose={(grouping) => change({ grouping })} />
            <Choice label="Along" values={Object.fromEntries(Object.entries(axes).map(([axis, { words }]) => [axis, words])) as Record<Axis, string>} value={comparison.axis} onChoose={(axis) => change({ axis })} />
          </div>
        </header>
        <Chooser chosen={comparison.cells} known={[...views.values()].map(({ cell }) => cell)} onChange={(cells) => change({ cells })} />
        {comparison.leftOut > 0 ? <p class="gap-note" role="status">The address names {comparison.leftOut} cells more than the {mostCells} that are compared.</p> : null}
        {errors.map((error) => <p key={error} class="form-error" role="status">{error}</p>)}
        {waiting > 0 ? <p class="waiting" role="status">Reading {waiting} of {comparison.cells.length} cells.</p> : null}
      </section>
      {figures.length > 0 ? (
        <section class="panel" aria-label="Figures">
          <div class="plot-grid">{figures.map((figure) => (
            <FigurePlot key={figure.key} figure={figure} subject={subject} lines={lines} bottom={axes[comparison.axis].bottom} syncKey="compare" height={240} isContinuous={comparison.axis !== 'cycle'} />
          ))}</div>
        </section>
      ) : comparison.cells.length > 0 && waiting === 0 ? <p class="waiting">None of these cells has a complete cycle yet.</p> : null}
      {groups.length > 0 ? <Figures rows={rows} subject={subject} isGrouped={comparison.grouping !== 'none'} /> : null}
    </main>
  );
}

/** The bench a cell stands on; its node where nobody has said. */
const benchOf = (cell: Cell): string => (cell as Cell & { readonly bench?: string | null }).bench ?? cell.node;

function Choice<T extends string>({ label, values, value, onChoose }: { readonly label: string; readonly values: Readonly<Record<T, string>>; readonly value: T; readonly onChoose: (value: T) => void }): JSX.Element {
  return (
    <div class="labelled"><span class="hint">{label}</span><div class="switch" role="group" aria-label={label}>
      {(Object.keys(values) as T[]).map((one) => <button key={one} type="button" aria-pressed={value === one} onClick={() => onChoose(one)}>{values[one]}</button>)}
    </div></div>
  );
}

/** Boxes drawn at once; the filter finds the others. */
const mostBoxes = 60;

function Chooser({ chosen, known, onChange }: { readonly chosen: readonly string[]; readonly known: readonly Cell[]; readonly onChange: (cells: readonly string[]) => void }): JSX.Element {
  const [filter, setFilter] = useState('');
  const names = [...new Set([...chosen, ...known.map(({ cell }) => cell)])];
  const words = filter.trim().toLowerCase();
  const found = names.filter((name) => words === '' || name.toLowerCase().includes(words) || known.some(({ cell, profile }) => cell === name && profile?.toLowerCase().includes(words)));
  const isFull = chosen.length >= mostCells;
  return (
    <details class="fold chooser" open={chosen.length === 0}>
      <summary>{chosen.length === 0 ? 'Choose cells' : `${chosen.length} chosen: ${chosen.slice(0, 6).join(', ')}${chosen.length > 6 ? ' …' : ''}`}</summary>
      <div class="chooser-bar">
        <label>Find <input type="search" value={filter} placeholder="name or profile" onInput={(event) => setFilter(event.currentTarget.value)} /></label>
        <button type="button" disabled={found.length === 0 || isFull} onClick={() => onChange([...new Set([...chosen, ...found])].slice(0, mostCells))}>Add all found</button>
        <button type="button" disabled={chosen.length === 0} onClick={() => onChange([])}>None</button>
        {isFull ? <span class="hint" role="status">{mostCells} are the most.</span> : null}
      </div>
      <ul class="boxes">{found.slice(0, mostBoxes).map((name) => (
        <li key={name}><label class="check"><input type="checkbox" checked={chosen.includes(name)} disabled={isFull && !chosen.includes(name)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((other) => other !== name))} />{name}</label></li>
      ))}</ul>
      {found.length > mostBoxes ? <p class="hint">{found.length - mostBoxes} more; the filter finds them.</p> : null}
      {names.length === 0 ? <p class="waiting">The gateway knows no cells yet.</p> : null}
    </details>
  );
}

const columnsOf = (common: number | null): readonly { readonly head: string; readonly unit: string; readonly text: (row: FigureRow) => string; readonly value: (row: FigureRow) => string | number | null }[] => [
  { head: 'Cycles', unit: '', text: (row) => row.cycles, value: (row) => row.cycles },
  { head: '100 % is', unit: 'Ah', text: (row) => fixed(row.referenceAh, 4), value: (row) => row.referenceAh },
  { head: common === null ? 'Retention' : `Retention at cycle ${common}`, unit: '%', text: (row) => fixed(row.retentionPercent, 1), value: (row) => row.retentionPercent },
  { head: 'CE, median', unit: '%', text: (row) => fixed(row.efficiencyPercent, 3), value: (row) => row.efficiencyPercent },
  { head: 'Polarization, last', unit: 'mV', text: (row) => fixed(row.polarizationMillivolts, 1), value: (row) => row.polarizationMillivolts },
  { head: 'its rise', unit: '%', text: (row) => percent(row.polarizationRise), value: (row) => (row.polarizationRise === null ? null : row.polarizationRise * 100) },
  { head: 'Resistance, last', unit: 'mΩ', text: (row) => fixed(row.resistanceMilliohms, 2), value: (row) => row.resistanceMilliohms },
  { head: 'its rise', unit: '%', text: (row) => percent(row.resistanceRise), value: (row) => (row.resistanceRise === null ? null : row.resistanceRise * 100) },
];

function Figures({ rows: { rows, common }, subject, isGrouped }: { readonly rows: ReturnType<typeof rowsOf>; readonly subject: string; readonly isGrouped: boolean }): JSX.Element {
  const columns = columnsOf(common);
  const csv = (): void => saveCsv(fileName(subject, 'comparison.csv'),
    [isGrouped ? 'group' : 'cell', 'cells', 'profile', ...columns.map(({ head, unit }) => `${head}${unit === '' ? '' : ` (${unit})`}`), 'projection'],
    rows.map((row) => [row.name, row.cells, row.profile, ...columns.map(({ value }) => value(row)), row.projection]));
  return (
    <section class="panel" aria-labelledby="compare-table">
      <header class="panel-head"><h2 id="compare-table">Table of figures</h2><p class="hint">{isGrouped ? 'Of a cohort, medians over its cells.' : ''}</p><div class="tools"><button type="button" onClick={csv} aria-label="Save figures as CSV">CSV</button></div></header>
      <div class="scroll" role="region" aria-label="Figures, scrollable" tabIndex={0}><table class="values">
        <thead><tr><th scope="col">{isGrouped ? 'Cohort' : 'Cell'}</th><th scope="col">Profile</th>{columns.map(({ head, unit }, at) => <th key={at} scope="col" class="num">{head} <span class="zone">{unit}</span></th>)}<th scope="col">Outlook</th></tr></thead>
        <tbody>{rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.cells === 1 && !isGrouped ? <a href={cellHref(row.name)}>{row.name}</a> : `${row.name}${row.cells > 1 ? ` (${row.cells})` : ''}`}</th><td>{row.profile}</td>
            {columns.map(({ text }, at) => <td key={at} class="num">{text(row)}</td>)}<td>{row.projection}</td>
          </tr>))}
        </tbody>
      </table></div>
    </section>
  );
}
