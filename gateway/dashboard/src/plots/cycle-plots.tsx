// The figures of a test against the cycle number, each with its bands and the profile's reference curve.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { cellAddress } from '../api/cell';
import type { Pulse, Standing } from '../api/cell-types';
import type { Cell, Cycle } from '../api/types';
import { projectionWords, referenceCapacityAh } from '../logic/cycles';
import { fixed } from '../logic/format';
import { cycleFigures, uncertaintyWords, type Figure } from './cycle-figures';
import { FigurePlot } from './figure';

interface Props {
  readonly name: string;
  readonly test: string | null;
  readonly cell: Cell | null;
  readonly cycles: readonly Cycle[];
  readonly pulses: readonly Pulse[];
  readonly standing: Standing | null;
  /** Shows a cycle in the history. */
  readonly onCycle: (cycle: Cycle) => void;
}

function noteOf(figure: Figure): string {
  const band = figure.lines.find((line) => line.band)?.band;
  if (band) {
    return band.words === uncertaintyWords ? `band: ${uncertaintyWords.toLowerCase()}` : 'band: spread within the cycle';
  }
  return figure.key === 'efficiency' ? 'uncertainty not known' : '';
}

export function CyclePlots({ name, test, cell, cycles, pulses, standing, onCycle }: Props): JSX.Element {
  const reference = referenceCapacityAh(cell, cycles, standing);
  const figures = useMemo(() => cycleFigures(cycles, pulses, standing, reference), [cycles, pulses, standing, reference]);
  const choose = (index: number): void => {
    const cycle = cycles.find((one) => one.index === index);
    if (cycle) {
      onCycle(cycle);
    }
  };
  const lines = [`Test ${test ?? 'newest'}, cycles ${cycles[0]?.index ?? ''} to ${cycles[cycles.length - 1]?.index ?? ''}`, standing ? `Profile ${standing.profile}` : ''].filter(Boolean);
  return (
    <section class="panel" aria-labelledby="cycle-plots">
      <header class="panel-head">
        <h2 id="cycle-plots">Cycles</h2>
        <p class="hint">
          {reference === null ? '' : `100 % is ${fixed(reference, 4)} Ah${standing?.referenceCycle ? `, cycle ${standing.referenceCycle}` : ''}. `}
          {projectionWords(standing?.projection, standing?.profileContent.endOfLifeRetention ?? 0.8)} A click on a cycle shows it in the history.
        </p>
      </header>
      <div class="plot-grid">
        {figures.map((figure) => (
          <FigurePlot
            key={figure.key} figure={figure} subject={name} lines={lines} bottom="Cycle" syncKey="cycles" onChoose={choose}
            raw={cellAddress(name, figure.key === 'resistance' ? 'pulses' : 'cycles', { test })}
            note={noteOf(figure)}
          />
        ))}
      </div>
    </section>
  );
}
