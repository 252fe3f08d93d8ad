// Shapes drawn in the page itself. Every severity and state has its own outline, so that colour is never the only signal.
import type { JSX } from 'preact';
import type { ChannelState, Severity } from '../api/types';

interface ShapeProps {
  /** Filled: nobody has acknowledged it. Outlined: seen, or over. */
  readonly filled?: boolean;
  readonly size?: number;
}

const outlines: Readonly<Record<Severity, string>> = {
  emergency: 'M7.1 1.5h5.8l4.1 4.1v5.8l-4.1 4.1H7.1L3 11.4V5.6z',
  critical: 'M10 0.9l7.6 7.6-7.6 7.6-7.6-7.6z',
  warning: 'M10 1.4l8.2 14.2H1.8z',
  advisory: 'M10 1.4a7.1 7.1 0 1 1 0 14.2 7.1 7.1 0 0 1 0-14.2z',
};

const signs: Readonly<Record<Severity, string>> = {
  emergency: 'M10 4.4v5M10 11.9v.6',
  critical: 'M10 4.6v4.6M10 11.7v.5',
  warning: 'M10 6.4v4.2M10 13v.4',
  advisory: 'M10 7.6v4.8M10 4.6v.5',
};

/** Octagon, diamond, triangle or disc. */
export function SeverityIcon({ severity, filled = true, size = 18 }: ShapeProps & { readonly severity: Severity }): JSX.Element {
  return (
    <svg class={`shape sev-${severity} ${filled ? 'is-filled' : 'is-outline'}`} width={size} height={size} viewBox="0 0 20 17" aria-hidden="true">
      <path class="shape-body" d={outlines[severity]} />
      <path class="shape-sign" d={signs[severity]} />
    </svg>
  );
}

const statePaths: Readonly<Record<ChannelState, string>> = {
  charging: 'M8 13V4M4.2 7.6L8 3.6l3.8 4M3.5 15.4h9',
  discharging: 'M8 3v9M4.2 8.6L8 12.6l3.8-4M3.5 15.4h9',
  resting: 'M5.4 4v9M10.6 4v9',
  ended: 'M4 4h8v9H4z',
  noData: 'M3.6 4.1l8.8 8.8M12.4 4.1l-8.8 8.8',
};

export const StateIcon = ({ state }: { readonly state: ChannelState }): JSX.Element => (
  <svg class="glyph" width="15" height="16" viewBox="0 0 16 17" aria-hidden="true">
    <path d={statePaths[state]} />
  </svg>
);

export const CheckIcon = (): JSX.Element => (
  <svg class="glyph" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M3 8.6l3.3 3.4L13 4.6" />
  </svg>
);

export const BackIcon = (): JSX.Element => (
  <svg class="glyph" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M10 3L5 8l5 5" />
  </svg>
);

/** A pouch with its two tabs and a trace. */
export const Mark = (): JSX.Element => (
  <svg class="mark" width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
    <path class="mark-tabs" d="M9 8V3h4v5M19 8V3h4v5" />
    <rect class="mark-body" x="3" y="8" width="26" height="21" rx="2.5" />
    <path class="mark-trace" d="M6.5 19.5h4.6l2.6-6 4.2 10.5 2.7-6h4.9" />
  </svg>
);
