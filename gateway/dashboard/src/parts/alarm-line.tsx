// One alarm in one line: shape, severity, rule in words, value against limit, since when.
import type { JSX } from 'preact';
import type { Alarm, AlarmState } from '../api/types';
import { ruleWords, severityWords } from '../logic/alarms';
import { againstLimit } from '../logic/format';
import { clock } from '../state/clock';
import { SeverityIcon } from './icons';

const shortState: Readonly<Record<AlarmState, string>> = {
  unacknowledged: 'new',
  acknowledged: 'seen',
  returnedUnacknowledged: 'over',
  normal: 'over',
};

export function AlarmLine({ alarm }: { readonly alarm: Alarm }): JSX.Element {
  return (
    <p class={`alarm-line sev-${alarm.severity} is-${alarm.state}`} title={`${alarm.message} Raised ${clock.full(alarm.raisedAt)}.`}>
      <SeverityIcon severity={alarm.severity} filled={alarm.state === 'unacknowledged'} />
      <span class="alarm-words">
        <b>{severityWords[alarm.severity]}</b> {ruleWords(alarm.rule)}
        <span class="alarm-value">{againstLimit(alarm.observed, alarm.limit, alarm.unit)}</span>
      </span>
      <span class="alarm-state">{shortState[alarm.state]}</span>
    </p>
  );
}
