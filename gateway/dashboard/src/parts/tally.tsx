// How many channels of a bench do what, in one line.
import type { JSX } from 'preact';
import type { ChannelState } from '../api/types';
import { severities } from '../logic/alarms';
import { stateWords } from '../logic/cells';
import { count } from '../logic/format';
import type { Tally } from '../logic/wall-layout';
import { SeverityIcon } from './icons';

const states: readonly ChannelState[] = ['charging', 'discharging', 'resting', 'ended', 'noData'];

export function TallyLine({ tally }: { readonly tally: Tally }): JSX.Element {
  return (
    <p class="tally">
      <span><b>{count(tally.channels)}</b> {tally.channels === 1 ? 'channel' : 'channels'}</span>
      {states.map((state) => (tally[state] > 0 ? <span key={state}><b>{count(tally[state])}</b> {stateWords[state].toLowerCase()}</span> : null))}
      {tally.silent > 0 ? <span class="is-silent"><b>{count(tally.silent)}</b> silent</span> : null}
      {severities.map((severity, at) => {
        const number = tally.alarms[at] ?? 0;
        return number > 0 ? (
          <span key={severity} class={`tally-alarm sev-${severity}`}><SeverityIcon severity={severity} size={14} /> <b>{count(number)}</b> with {severity}</span>
        ) : null;
      })}
    </p>
  );
}
