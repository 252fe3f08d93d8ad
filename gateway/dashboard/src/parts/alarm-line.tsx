// One alarm in one line: shape, severity, rule in words, value against limit, since when.
import type { JSX } from 'preact';
import type { Alarm, AlarmState } from '../api/types';
import { isActive, ruleWords, severityWords } from '../logic/alarms';
import { againstLimit } from '../logic/format';
import { span } from '../logic/time';
import { clock, useNow } from '../state/clock';
import { SeverityIcon } from './icons';

const shortState: Readonly<Record<AlarmState, string>> = {
  unacknowledged: 'unseen',
  acknowledged: 'seen',
  returnedUnacknowledged: 'over',
  normal: 'over',
};

export function AlarmLine({ alarm, owner, ticking = true }: { readonly alarm: Alarm; readonly owner?: string; readonly ticking?: boolean }): JSX.Element {
  return (
    <p class={`alarm-line sev-${alarm.severity} is-${alarm.state}`} title={`${alarm.message} Raised ${clock.full(alarm.raisedAt)}.`}>
      <SeverityIcon severity={alarm.severity} filled={alarm.state === 'unacknowledged'} />
      <span class="alarm-words">
        <b>{severityWords[alarm.severity]}</b> {owner ? `${owner}: ` : ''}{ruleWords(alarm.rule)}
        <span class="alarm-value">{againstLimit(alarm.observed, alarm.limit, alarm.unit, alarm.measure)}</span>
      </span>
      <span class="alarm-state">{shortState[alarm.state]}<Since alarm={alarm} ticking={ticking} /></span>
    </p>
  );
}

/** How long it has been active; nothing for one that is over, or whose clock runs ahead of this one. */
function Since({ alarm, ticking }: { readonly alarm: Alarm; readonly ticking: boolean }): JSX.Element | null {
  const seconds = useNow(ticking).wallMilliseconds / 1000 - alarm.raisedAt;
  return isActive(alarm) && seconds >= 0 ? <span>{span(seconds)}</span> : null;
}
