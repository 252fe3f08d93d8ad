// Colours of the plots, read from the style sheet so that both themes have one source.
export interface PlotColours {
  readonly ink: string;
  readonly text: string;
  readonly grid: string;
  readonly voltage: string;
  readonly band: string;
  readonly current: string;
  readonly surface: string;
  readonly infrared: string;
  readonly ambient: string;
  readonly charge: string;
  readonly discharge: string;
  readonly gap: string;
  readonly emergency: string;
  readonly critical: string;
  readonly warning: string;
  readonly advisory: string;
  readonly panel: string;
  readonly font: string;
}

export function plotColours(): PlotColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    text: read('ink-2'),
    grid: read('line'),
    voltage: read('plot-voltage'),
    band: read('plot-band'),
    current: read('plot-current'),
    surface: read('plot-surface'),
    infrared: read('plot-infrared'),
    ambient: read('plot-ambient'),
    charge: read('plot-charge'),
    discharge: read('plot-discharge'),
    gap: read('hatch'),
    emergency: read('emergency'),
    critical: read('critical'),
    warning: read('warning'),
    advisory: read('advisory'),
    panel: read('panel'),
    font: `12px ${read('font')}`,
  };
}
