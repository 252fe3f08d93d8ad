// PNG and CSV of a plot, and where the API gives the same in full.
import type { JSX } from 'preact';

interface Props {
  /** What is saved, for the names of the buttons. */
  readonly what: string;
  readonly png: () => void;
  readonly csv: () => void;
  /** Address of the full data in the API. */
  readonly raw?: string | null;
}

export const ExportButtons = ({ what, png, csv, raw }: Props): JSX.Element => (
  <span class="exports" role="group" aria-label={`Save ${what}`}>
    <button type="button" onClick={png} aria-label={`Save ${what} as PNG`}>PNG</button>
    <button type="button" onClick={csv} aria-label={`Save ${what} as CSV`}>CSV</button>
    {raw ? <a class="button-like" href={raw} target="_blank" rel="noopener" aria-label={`${what} from the API, in full`}>API</a> : null}
  </span>
);
