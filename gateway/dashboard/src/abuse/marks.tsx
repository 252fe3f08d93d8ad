// Shapes and words of criteria, checks and sources: state is told by outline, fill and word, colour only goes with it.
import type { JSX } from 'preact';
import type { AbuseCheck, CriterionState, FigureSource } from '../api/abuse-types';
import { sourceWords, type Weight } from '../logic/abuse';

const shapes: Readonly<Record<CriterionState, string>> = {
  'not-judged': 'M10 2a8 8 0 1 1 0 16a8 8 0 0 1 0-16z',
  'not-met': 'M10 2a8 8 0 1 1 0 16a8 8 0 0 1 0-16z',
  near: 'M10 1.5l9 16.5H1z',
  met: 'M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7z',
};

const signs: Readonly<Record<CriterionState, string>> = {
  'not-judged': 'M7.5 7.5c0-3.4 5-3.4 5 0 0 2-2.5 2-2.5 4M10 14v.6',
  'not-met': 'M6.4 10h7.2',
  near: 'M10 7.5v5M10 15v.4',
  met: 'M10 5.6v5.6M10 13.8v.6',
};

/** What a state means for the test: that something required is met is good, that something is only told is neither. */
export const toneOf = (state: CriterionState, weight: Weight): CriterionState | 'good' | 'told' =>
  state !== 'met' || weight === 'failure' ? state : weight === 'required' ? 'good' : 'told';

/** A criterion that counts against nobody is a tick when it is met. */
export function CriterionMark({ state, weight }: { readonly state: CriterionState; readonly weight: Weight }): JSX.Element {
  const tone = toneOf(state, weight);
  const isTick = tone === 'good' || tone === 'told';
  return (
    <svg class={`mark-criterion is-${tone}`} viewBox="0 0 20 20" aria-hidden="true">
      <path class="mark-shape" d={isTick ? shapes['not-met'] : shapes[state]} />
      <path class="mark-sign" d={isTick ? 'M6 10.4l2.8 2.9L14.2 7' : signs[state]} />
    </svg>
  );
}

export const CheckMark = ({ state }: { readonly state: AbuseCheck['state'] }): JSX.Element => (
  <svg class={`mark-check is-${state}`} viewBox="0 0 20 20" aria-hidden="true">
    <rect class="mark-shape" x="2" y="2" width="16" height="16" rx="3" />
    <path class="mark-sign" d={state === 'good' ? 'M5.4 10.4l3.2 3.3L14.8 7' : state === 'bad' ? 'M6 6l8 8M14 6l-8 8' : ''} />
  </svg>
);

/** Said wherever a figure of a standard is shown from memory. */
export const SourceMark = ({ source }: { readonly source: FigureSource }): JSX.Element | null =>
  source === 'quoted' ? null : <span class={`source is-${source}`}>{sourceWords[source]}</span>;
