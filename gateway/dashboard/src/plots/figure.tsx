// One figure of a page: caption, plot, export of its own, and a click that chooses the entry under the cursor.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { ExportButtons } from '../parts/export-buttons';
import { colourOf, figureData, figureOptions, shapeOf, type Figure } from './cycle-figures';
import { fileName } from './csv';
import { saveCsv, savePng } from './export';
import { Plot } from './plot';
import { plotColours } from './theme';

interface Props {
  readonly figure: Figure;
  /** Cell or cells, for titles and file names. */
  readonly subject: string;
  readonly lines: readonly string[];
  readonly bottom: string;
  readonly syncKey: string;
  readonly height?: number;
  readonly note?: string;
  readonly raw?: string | null;
  /** Where the axis is no count of cycles. */
  readonly isContinuous?: boolean;
  readonly onChoose?: (index: number) => void;
}

export function FigurePlot({ figure, subject, lines, bottom, syncKey, height = 180, note, raw, isContinuous = false, onChoose }: Props): JSX.Element {
  const made = useRef<uPlot | null>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const shape = shapeOf(figure);
  const options = useMemo(() => figureOptions(figure, syncKey, isContinuous), [shape, syncKey, isContinuous]);
  const data = useMemo(() => figureData(figure), [figure]);
  const take = (plot: uPlot | null): void => {
    made.current = plot;
    plot?.over.addEventListener('click', () => {
      const at = plot.cursor.idx;
      const index = at === null || at === undefined ? undefined : plot.data[0][at];
      if (index !== undefined) {
        choose.current?.(index);
      }
    });
  };
  const png = (): void => {
    if (made.current) {
      const colours = plotColours();
      const legend = figure.lines.map((line) => ({ label: line.band ? `${line.label} (band: ${line.band.words.toLowerCase()})` : line.label, colour: colourOf(colours, line.colour), ...(line.dash ? { dash: line.dash } : {}) }));
      savePng(fileName(subject, `${figure.key}.png`), { title: `${subject}: ${figure.title.toLowerCase()}`, lines, plots: [{ plot: made.current, caption: `${figure.title} (${figure.unit})`, legend }], bottom });
    }
  };
  const csv = (): void => {
    const columns = [bottom, ...figure.lines.flatMap((line) => [`${line.label} (${figure.unit})`, ...(line.band ? [`${line.label} lower (${figure.unit})`, `${line.label} upper (${figure.unit})`] : [])])];
    const table = figureData(figure) as unknown as readonly (readonly (number | null)[])[];
    saveCsv(fileName(subject, `${figure.key}.csv`), columns, figure.index.map((_, at) => table.map((column) => column[at] ?? null)));
  };
  return (
    <figure class={onChoose ? 'is-choosing' : ''}>
      <div class="figure-head">
        <figcaption>{figure.title} <span class="unit">{figure.unit}</span>{note ? <span class="hint"> {note}</span> : null}</figcaption>
        <ExportButtons what={figure.title.toLowerCase()} png={png} csv={csv} raw={raw ?? null} />
      </div>
      <Plot title={`${figure.title} in ${figure.unit}: ${figure.lines.map((line) => line.label).join(', ')}; ${bottom.toLowerCase()} along the axis`} options={options} data={data} height={height} onMade={take} />
    </figure>
  );
}
