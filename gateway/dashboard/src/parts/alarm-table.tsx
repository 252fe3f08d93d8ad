// Alarms one a row: what, where, since when, how bad, and the buttons that say "I have seen it" or put it aside.
import type { JSX } from 'preact';
import type { Alarm } from '../api/types';
import { alarmKey, alarmStateWords, gatewayCell, hazardWords, isActive, isAside, needsAcknowledgement, ownerWords, ruleWords } from '../logic/alarms';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { priorityMeaning, priorityOf, priorityWords } from '../logic/priorities';
import { clock, nowSeconds } from '../state/clock';
import { usePerson } from '../state/person';
import { alarmHref, cellHref } from '../state/route';
import type { AlarmAct } from './alarm-dialog';
import { CheckIcon, SeverityIcon } from './icons';
import { Lasting, Remaining, Unless } from './ticking';

/** Which alarms are chosen, and how to choose. */
export interface Selection {
  readonly has: (key: string) => boolean;
  readonly toggle: (key: string) => void;
}

interface TableProps {
  readonly alarms: readonly Alarm[];
  readonly onAcknowledge: (alarm: Alarm) => void;
  readonly withoutCell?: boolean;
  /** Where given, more than acknowledging can be done. */
  readonly onAct?: (act: AlarmAct, alarm: Alarm) => void;
  readonly selection?: Selection;
  /** Keys of alarms that have left the list and only keep their place. */
  readonly gone?: ReadonlySet<string>;
  readonly caption?: string;
}

export function AlarmTable(props: TableProps): JSX.Element {
  const { alarms, withoutCell = false, selection, caption = 'Alarms, the most urgent first.' } = props;
  const { mayAct } = usePerson();
  return (
    <table class={`alarm-table ${selection && mayAct ? 'is-selectable' : ''}`}>
      <caption class="visually-hidden">{caption} Times in {clock.zoneName}.</caption>
      <thead>
        <tr>
          {selection && mayAct ? <th scope="col"><span class="visually-hidden">Select</span></th> : null}
          <th scope="col">Priority</th>
          {withoutCell ? null : <th scope="col">Cell</th>}
          <th scope="col">What</th>
          <th scope="col" class="num">Value</th>
          <th scope="col" class="num">Limit</th>
          <th scope="col">Raised <span class="zone">{clock.zoneName}</span></th>
          <th scope="col">State</th>
          <th scope="col"><span class="visually-hidden">Action</span></th>
        </tr>
      </thead>
      <tbody>{alarms.map((alarm) => {
        const key = alarmKey(alarm);
        return <Unless key={key} same={[alarm, mayAct, withoutCell, selection?.has(key), props.gone?.has(key)]} draw={() => <AlarmRow alarm={alarm} mayAct={mayAct} table={props} />} />;
      })}</tbody>
    </table>
  );
}

function AlarmRow({ alarm, mayAct, table }: { readonly alarm: Alarm; readonly mayAct: boolean; readonly table: TableProps }): JSX.Element {
  const now = nowSeconds();
  const unit = gap + unitSymbol(alarm.unit);
  const key = alarmKey(alarm);
  const priority = priorityOf(alarm);
  const { selection, gone, onAct, onAcknowledge } = table;
  return (
    <tr class={`sev-${alarm.severity} is-${alarm.state} ${isActive(alarm) ? 'is-active' : ''} ${isAside(alarm) ? 'is-aside' : ''} ${gone?.has(key) ? 'is-gone' : ''}`} data-alarm={alarm.id} data-state={alarm.state} data-row={key} tabIndex={selection ? -1 : undefined}>
      {selection && mayAct ? <td class="cell-select"><input type="checkbox" checked={selection.has(key)} onChange={() => selection.toggle(key)} aria-label={`Select ${ruleWords(alarm.rule)} on ${ownerWords(alarm.cell)}`} /></td> : null}
      <td class="cell-severity"><span class="chip" title={priorityMeaning[priority]}><SeverityIcon severity={alarm.severity} filled={alarm.state === 'unacknowledged'} /> {priorityWords[priority]}</span></td>
      {table.withoutCell ? null : (
        <th scope="row" class="cell-name">{alarm.cell === gatewayCell ? ownerWords(alarm.cell) : <a href={cellHref(alarm.cell)}>{alarm.cell}</a>}</th>
      )}
      <td class="cell-what"><a class="what" href={alarmHref(alarm)}><b>{ruleWords(alarm.rule)}</b></a><span class="message">{alarm.message}{hazardWords(alarm)}</span>{alarm.action ? <span class="message do"><b>Do</b> {alarm.action}</span> : null}</td>
      <td class="num cell-value" data-label="Value">{alarm.observed === null ? <span title="There is no reading: that is the point of this alarm.">–</span> : inUnit(alarm.observed, alarm.unit) + unit}</td>
      <td class="num cell-limit" data-label="Limit">{alarm.limit === null ? <span title="This rule has no single limit.">–</span> : inUnit(alarm.limit, alarm.unit) + unit}</td>
      <td class="cell-raised" data-label={`Raised, ${clock.zoneName}`}><time title={clock.full(alarm.raisedAt)}>{clock.moment(alarm.raisedAt, now)}</time><span class="since">{isActive(alarm) ? <Lasting since={alarm.raisedAt} /> : alarm.clearedAt !== null ? `over at ${clock.moment(alarm.clearedAt, now)}` : ''}</span></td>
      <td class="cell-state"><AlarmStateWords alarm={alarm} now={now} /></td>
      <td class="cell-action">{mayAct ? <AlarmButtons alarm={alarm} onAct={onAct ?? ((act) => (act === 'acknowledge' ? onAcknowledge(alarm) : undefined))} all={onAct !== undefined} /> : null}</td>
    </tr>
  );
}

/** The buttons that make sense for an alarm as it is. */
export function AlarmButtons({ alarm, onAct, all }: { readonly alarm: Alarm; readonly onAct: (act: AlarmAct, alarm: Alarm) => void; readonly all: boolean }): JSX.Element {
  const of = `${ruleWords(alarm.rule)} on ${ownerWords(alarm.cell)}`;
  return (
    <span class="acts">
      {needsAcknowledgement(alarm) ? <button type="button" class="act primary" onClick={() => onAct('acknowledge', alarm)} aria-label={`Acknowledge ${of}`}><CheckIcon />Acknowledge</button> : null}
      {all && alarm.state === 'acknowledged' && alarm.latched ? <button type="button" class="act" onClick={() => onAct('reset', alarm)} aria-label={`Reset ${of}`}>Reset</button> : null}
      {all && alarm.shelf ? <button type="button" class="act" onClick={() => onAct('unshelve', alarm)} aria-label={`Take ${of} from the shelf`}>Unshelve</button> : null}
      {all && !alarm.shelf && alarm.state !== 'normal' ? <button type="button" class="act" onClick={() => onAct('shelve', alarm)} aria-label={`Shelve ${of}`}>Shelve</button> : null}
    </span>
  );
}

export function AlarmStateWords({ alarm, now }: { readonly alarm: Alarm; readonly now: number }): JSX.Element {
  const { shelf } = alarm;
  return (
    <>
      <span class="state-words">{alarmStateWords[alarm.state]}{alarm.latched ? ', latched' : ''}{(alarm.escalation ?? 0) > 0 ? `, escalated ${alarm.escalation}×` : ''}</span>
      {alarm.acknowledgedAt !== null ? (
        <span class="since">{alarm.acknowledgedBy ?? 'unnamed'}, {clock.moment(alarm.acknowledgedAt, now)}{alarm.note ? `: ${alarm.note}` : ''}</span>
      ) : null}
      {shelf ? <span class="since">Shelved until <time title={clock.full(shelf.until)}>{clock.moment(shelf.until, now)}</time>, <Remaining until={shelf.until} />, by {shelf.by}: {shelf.reason}</span> : null}
      {alarm.suppressedBecause ? <span class="since">Suppressed: {alarm.suppressedBecause}</span> : null}
    </>
  );
}
