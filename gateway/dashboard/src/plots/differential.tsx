// dQ/dV of a test: a cycle chosen with a slider, laid over the first, the last and some between; peaks marked and listed.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { cellAddress, cellApi } from '../api/cell';
import type { Differential, DifferentialHalf } from '../api/cell-types';
import type { Cycle } from '../api/types';
import { cycleColour, cycleDash, onOneGrid, overlayCycles } from '../logic/differential';
import { fixed } from '../logic/format';
import { ExportButtons } from '../parts/export-buttons';
import { sentenceOf } from '../state/answer';
import { atLeast, valueAxis } from './axes';
import { fileName, type CsvValue } from './csv';
import { saveCsv, savePng } from './export';
import { Plot, useThemeVersion, type PlotOptions } from './plot';
import type { PlotColours } from './theme';

/** Curves between the first and the last cycle that are laid over them where asked for. */
const between = 5;
/** Answers that are kept; a corrected cycle is asked for anew with its revision. */
const mostKept = 60;

interface Curve {
  readonly cycle: number;
  readonly half: DifferentialHalf;
}

const isDark = (): boolean => getComputedStyle(document.documentElement).colorScheme === 'dark';

export function DifferentialPlots({ name, test, cycles }: { readonly name: string; readonly test: string | null; readonly cycles: readonly Cycle[] }): JSX.Element {
  const [chosen, setChosen] = useState<number | null>(null);
  const [isOverlaid, setOverlaid] = useState(true);
  const [hasMore, setMore] = useState(false);
  const { answers, errors, ask } = useDifferentials(name, test);
  const made = useRef<uPlot | null>(null);
  const theme = useThemeVersion();
  const indices = cycles.map((cycle) => cycle.index);
  const first = indices[0] ?? 1;
  const last = indices[indices.length - 1] ?? 1;
  const selected = chosen !== null && indices.includes(chosen) ? chosen : last;
  const wanted = isOverlaid ? overlayCycles(indices, selected, hasMore ? between : 0) : [selected];
  const revision = (index: number): number => cycles.find((cycle) => cycle.index === index)?.revision ?? 0;
  const keys = wanted.map((index) => `${index}/${revision(index)}`).join();
  useEffect(() => ask(wanted.map((index) => [index, revision(index)] as const), selected), [name, test, keys, selected]);

  const shown = wanted.map((index) => answers.get(`${index}/${revision(index)}`)).filter((answer) => answer !== undefined);
  const curves = shown.flatMap((answer): Curve[] => answer.halfCycles.filter((half) => half.dqdv !== null).map((half) => ({ cycle: answer.cycle, half })));
  const grid = shown[0]?.gridV ?? 0.005;
  const drawn = [...new Set(curves.map(({ cycle }) => cycle))];
  const shape = curves.map(({ cycle, half }) => `${cycle}${half.half}`).join() + selected;
  const { data, options } = useMemo(() => draw(curves, selected, first, last, grid), [shape, theme, answers]);
  const own = answers.get(`${selected}/${revision(selected)}`);
  const error = errors.get(selected);
  const lines = [`Test ${test ?? 'newest'}, cycles ${drawn.join(', ')}; chosen ${selected}`, `Grid ${fixed(grid * 1000, 1)} mV, smoothed over ${fixed((own?.smoothingV ?? 0) * 1000, 0)} mV; discharge below zero`];
  const png = (): void => {
    if (made.current) {
      savePng(fileName(name, 'dqdv.png'), {
        title: `${name}: differential capacity dQ/dV`, lines, bottom: 'Voltage (V)',
        plots: [{ plot: made.current, caption: 'dQ/dV (Ah/V)', legend: drawn.map((cycle) => ({ label: `Cycle ${cycle}`, colour: cycleColour(cycle, first, last, isDark()), dash: cycleDash(cycle, selected, drawn) })) }],
      });
    }
  };
  const csv = (): void => {
    const { voltageV, columns } = onOneGrid(curves.map(({ half }) => half.dqdv as NonNullable<DifferentialHalf['dqdv']>), grid);
    saveCsv(fileName(name, 'dqdv.csv'), ['voltage (V)', ...curves.map(({ cycle, half }) => `cycle ${cycle} ${half.half} dQ/dV (Ah/V)`)], voltageV.map((volts, at): CsvValue[] => [volts, ...columns.map((column) => column[at])]));
  };
  return (
    <section class="panel" aria-labelledby="dqdv">
      <header class="panel-head">
        <h2 id="dqdv">Differential capacity</h2>
        <p class="hint">dQ/dV in Ah/V against voltage; charge above zero, discharge below.</p>
        <div class="tools"><ExportButtons what="differential capacity" png={png} csv={csv} raw={cellAddress(name, 'dqdv', { test, cycle: selected })} /></div>
      </header>
      <div class="cycle-choice">
        <label for="dqdv-cycle">Cycle <output>{selected}</output></label>
        <input id="dqdv-cycle" type="range" min={first} max={last} step={1} value={selected} aria-valuetext={`Cycle ${selected} of ${last}`} onInput={(event) => setChosen(nearestOf(indices, Number(event.currentTarget.value)))} />
        <label class="check"><input type="checkbox" checked={isOverlaid} onChange={(event) => setOverlaid(event.currentTarget.checked)} />Over first and last</label>
        <label class="check"><input type="checkbox" checked={hasMore} disabled={!isOverlaid} onChange={(event) => setMore(event.currentTarget.checked)} />And {between} between</label>
        <span class="scale" aria-hidden="true">{drawn.map((cycle) => (
          <span key={cycle} class={cycle === selected ? 'is-chosen' : ''}>
            <svg width="36" height="8"><line x1="0" x2="36" y1="4" y2="4" stroke={cycleColour(cycle, first, last, isDark())} stroke-width={widthOf(cycle, selected)} stroke-dasharray={cycleDash(cycle, selected, drawn).join(' ') || 'none'} /></svg>
            {cycle}
          </span>
        ))}</span>
      </div>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {curves.length > 0
        ? <Plot title={`dQ/dV of ${name}, cycle ${selected}, over cycles ${wanted.join(', ')}; its peaks are in the table below`} options={options} data={data} height={280} onMade={(plot) => { made.current = plot; }} />
        : <p class="waiting">{error ? '' : own ? own.halfCycles.map((half) => half.reason).find(Boolean) ?? 'The cycle has no curve.' : 'Reading the cycle.'}</p>}
      {own ? <Peaks answer={own} /> : null}
    </section>
  );
}

const widthOf = (cycle: number, selected: number): number => (cycle === selected ? 2.4 : 1.2);

const nearestOf = (indices: readonly number[], value: number): number => indices.reduce((best, index) => (Math.abs(index - value) < Math.abs(best - value) ? index : best), indices[0] ?? value);

function draw(curves: readonly Curve[], selected: number, first: number, last: number, grid: number): { data: uPlot.AlignedData; options: (colours: PlotColours) => PlotOptions } {
  const { voltageV, columns } = onOneGrid(curves.map(({ half }) => half.dqdv as NonNullable<DifferentialHalf['dqdv']>), grid);
  const signed = columns.map((column, at) => (curves[at]?.half.half === 'discharge' ? column.map((value) => (value === null ? null : -Math.abs(value))) : column));
  const drawn = [...new Set(curves.map(({ cycle }) => cycle))];
  const options = (colours: PlotColours): PlotOptions => ({
    scales: { x: { time: false }, y: { range: atLeast(0.1) } },
    axes: [{ ...valueAxis(colours), size: 30 }, valueAxis(colours)],
    series: [{}, ...curves.map(({ cycle, half }): uPlot.Series => ({
      label: `Cycle ${cycle} ${half.half}`, stroke: cycleColour(cycle, first, last, isDark()), width: widthOf(cycle, selected),
      points: { show: false }, dash: [...cycleDash(cycle, selected, drawn)],
    }))],
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    hooks: { draw: [(plot) => markPeaks(plot, curves.filter(({ cycle }) => cycle === selected), colours)] },
  });
  return { data: [voltageV, ...signed] as unknown as uPlot.AlignedData, options };
}

function markPeaks(plot: uPlot, chosen: readonly Curve[], colours: PlotColours): void {
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.fillStyle = colours.ink;
  ctx.font = colours.font.replace(/^\d+px/, `${11 * ratio}px`);
  ctx.textAlign = 'center';
  for (const { half } of chosen) {
    const sign = half.half === 'discharge' ? -1 : 1;
    for (const peak of half.peaks) {
      const x = plot.valToPos(peak.positionV, 'x', true);
      const y = plot.valToPos(sign * Math.abs(peak.heightAhPerV), 'y', true);
      ctx.beginPath();
      ctx.moveTo(x, y - sign * 3 * ratio);
      ctx.lineTo(x - 4 * ratio, y - sign * 10 * ratio);
      ctx.lineTo(x + 4 * ratio, y - sign * 10 * ratio);
      ctx.fill();
      ctx.fillText(`${fixed(peak.positionV, 3)} V`, x, y - sign * 13 * ratio + (sign < 0 ? 9 * ratio : 0));
    }
  }
  ctx.restore();
}

function Peaks({ answer }: { readonly answer: Differential }): JSX.Element | null {
  const rows = answer.halfCycles.flatMap((half) => half.peaks.map((peak) => ({ half: half.half, peak })));
  if (rows.length === 0) {
    return <p class="hint">No peaks stand out in cycle {answer.cycle}.{answer.halfCycles.map((half) => (half.reason ? ` ${half.reason}` : '')).join('')}</p>;
  }
  return (
    <details class="fold">
      <summary>Peaks of cycle {answer.cycle}: {rows.length}{answer.separations.length > 0 ? `, ${answer.separations.length} pairs` : ''}</summary>
      <div class="scroll" role="region" aria-label="Peaks, scrollable" tabIndex={0}><table class="values">
        <thead><tr><th scope="col">Half</th><th scope="col" class="num">Position <span class="zone">V</span></th><th scope="col" class="num">Height <span class="zone">Ah/V</span></th><th scope="col" class="num">Area <span class="zone">mAh</span></th><th scope="col" class="num">Charge to discharge <span class="zone">mV</span></th></tr></thead>
        <tbody>{rows.map(({ half, peak }) => {
          const pair = answer.separations.find((one) => (half === 'charge' ? one.chargeV : one.dischargeV) === peak.positionV);
          return (
            <tr key={`${half}${peak.positionV}`}>
              <td>{half === 'charge' ? 'Charge' : 'Discharge'}</td><td class="num">{fixed(peak.positionV, 4)}</td><td class="num">{fixed(peak.heightAhPerV, 3)}</td>
              <td class="num">{fixed(peak.areaAh === null ? null : peak.areaAh * 1000, 1)}</td><td class="num">{fixed(pair ? pair.separationV * 1000 : null, 1)}</td>
            </tr>
          );
        })}</tbody>
      </table></div>
    </details>
  );
}

interface Answers {
  readonly answers: ReadonlyMap<string, Differential>;
  readonly errors: ReadonlyMap<number, string>;
  readonly ask: (wanted: readonly (readonly [number, number])[], first: number) => () => void;
}

/** Answers by cycle and revision, one request at a time since each reads a whole cycle, the chosen cycle first. */
function useDifferentials(name: string, test: string | null): Answers {
  const kept = useRef(new Map<string, Differential>());
  const [answers, setAnswers] = useState<ReadonlyMap<string, Differential>>(new Map());
  const [errors, setErrors] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    kept.current.clear();
    setAnswers(new Map());
    setErrors(new Map());
  }, [name, test]);
  const ask = (wanted: readonly (readonly [number, number])[], first: number): (() => void) => {
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      // The slider passes many cycles by; only where it stays something is asked for.
      await new Promise((resolve) => setTimeout(resolve, 150));
      for (const [index, revision] of [...wanted].sort(([a], [b]) => Number(b === first) - Number(a === first))) {
        const key = `${index}/${revision}`;
        if (controller.signal.aborted || kept.current.has(key)) {
          continue;
        }
        try {
          kept.current.set(key, await cellApi.differential(name, test, index, controller.signal));
          for (const oldest of kept.current.keys()) {
            if (kept.current.size <= mostKept) {
              break;
            }
            kept.current.delete(oldest);
          }
          setAnswers(new Map(kept.current));
          setErrors((before) => new Map([...before].filter(([cycle]) => cycle !== index)));
        } catch (cause) {
          if (!controller.signal.aborted) {
            setErrors((before) => new Map(before).set(index, sentenceOf(cause)));
          }
        }
      }
    };
    void run();
    return () => controller.abort();
  };
  return { answers, errors, ask };
}
