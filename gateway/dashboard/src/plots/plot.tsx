// A uPlot in the page: made again when its options or the theme change, fed in place when only the data do.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { plotColours, type PlotColours } from './theme';

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

interface PlotProps {
  readonly title: string;
  /** Must be the same function as long as the plot is meant to stay. */
  readonly options: (colours: PlotColours) => PlotOptions;
  readonly data: uPlot.AlignedData;
  readonly height: number;
  /** A range was dragged open (x values), or a double click asked for everything (null). */
  readonly onZoom?: (range: readonly [number, number] | null) => void;
  readonly onMade?: (plot: uPlot | null) => void;
}

export function Plot({ title, options, data, height, onZoom, onMade }: PlotProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const theme = useThemeVersion();

  useEffect(() => {
    const element = host.current;
    if (!element) {
      return undefined;
    }
    const base = options(plotColours());
    const made = new uPlot(
      {
        ...base,
        width: Math.max(120, element.clientWidth),
        height,
        hooks: {
          ...base.hooks,
          setSelect: [
            (self) => {
              if (self.select.width > 4) {
                const from = self.posToVal(self.select.left, 'x');
                const to = self.posToVal(self.select.left + self.select.width, 'x');
                self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
                zoom.current?.([from, to]);
              }
            },
          ],
        },
      },
      data,
      element,
    );
    made.over.addEventListener('dblclick', () => zoom.current?.(null));
    const size = new ResizeObserver(() => made.setSize({ width: Math.max(120, element.clientWidth), height }));
    size.observe(element);
    plot.current = made;
    onMade?.(made);
    return () => {
      size.disconnect();
      made.destroy();
      plot.current = null;
      onMade?.(null);
    };
  }, [options, height, theme]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return <div class="plot" ref={host} role="img" aria-label={title} />;
}

/** Counts up when the colours change: by the toggle or by the system. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((n) => n + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    document.addEventListener('pouchmonitor-theme', changed);
    system.addEventListener('change', changed);
    return () => {
      document.removeEventListener('pouchmonitor-theme', changed);
      system.removeEventListener('change', changed);
    };
  }, []);
  return version;
}
