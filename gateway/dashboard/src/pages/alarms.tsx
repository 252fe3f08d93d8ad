// The alarm list: what, where, since when, how bad, and the button that says "I have seen it".
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Alarm } from '../api/types';
import { alarmKey, alarmStateWords, compareAlarms, gatewayCell, hazardWords, isActive, isOpen, needsAcknowledgement, ownerWords, ruleWords, severityWords } from '../logic/alarms';
import { inUnit, unitSymbol, gap } from '../logic/format';
import { span } from '../logic/time';
import { Acknowledge } from '../parts/acknowledge';
import { CheckIcon, SeverityIcon } from '../parts/icons';
import { clock, useNow } from '../state/clock';
import { cellHref } from '../state/route';
import { useStore } from '../state/store';

/** Rows drawn; more are counted, not drawn. */
const rowsMax = 400;

export function Alarms(): JSX.Element {
  const alarms = useStore((state) => state.alarms);
  const known = useStore((state) => state.alarmsKnown);
  const live = useStore((state) => state.link.kind === 'live');
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<Alarm | null>(null);
  const sorted = useMemo(() => [...alarms.values()].sort(compareAlarms), [alarms]);
  const openOnes = sorted.filter(isOpen);
  const shown = all ? sorted : openOnes;
  return (
    <main id="main" class="alarms">
      <div class="toolbar">
        <h1>Alarms</h1>
        <div class="switch" role="group" aria-label="Which alarms">
          <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>Open <b>{openOnes.length}</b></button>
          <button type="button" aria-pressed={all} onClick={() => setAll(true)}>All <b>{sorted.length}</b></button>
        </div>
      </div>
      {shown.length === 0 ? (
        <section class="empty"><h2>{!known ? 'Alarms not known' : all ? 'No alarm was ever raised' : 'No open alarm'}</h2><p>{!known ? 'The gateway has not been asked yet, or did not answer.' : live ? 'Nothing is out of limits, and nothing waits to be acknowledged.' : 'So it was when the gateway was last heard; the connection is lost.'}</p></section>
      ) : (
        <AlarmTable alarms={shown.slice(0, rowsMax)} onAcknowledge={setOpen} />
      )}
      {shown.length > rowsMax ? <p class="waiting">{shown.length - rowsMax} older alarms are not shown here.</p> : null}
      {open ? <Acknowledge alarm={open} onClose={() => setOpen(null)} /> : null}
    </main>
  );
}

interface TableProps {
  readonly alarms: readonly Alarm[];
  readonly onAcknowledge: (alarm: Alarm) => void;
  readonly withoutCell?: boolean;
}

export function AlarmTable({ alarms, onAcknowledge, withoutCell = false }: TableProps): JSX.Element {
  return (
    <table class="alarm-table">
      <caption class="visually-hidden">Alarms, the most urgent first. Times in {clock.zoneName}.</caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          {withoutCell ? null : <th scope="col">Cell</th>}
          <th scope="col">What</th>
          <th scope="col" class="num">Value</th>
          <th scope="col" class="num">Limit</th>
          <th scope="col">Raised <span class="zone">{clock.zoneName}</span></th>
          <th scope="col">State</th>
          <th scope="col"><span class="visually-hidden">Action</span></th>
        </tr>
      </thead>
      <tbody>{alarms.map((alarm) => <AlarmRow key={alarmKey(alarm)} alarm={alarm} onAcknowledge={onAcknowledge} withoutCell={withoutCell} />)}</tbody>
    </table>
  );
}

function AlarmRow({ alarm, onAcknowledge, withoutCell }: { readonly alarm: Alarm; readonly onAcknowledge: (alarm: Alarm) => void; readonly withoutCell: boolean }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const unit = gap + unitSymbol(alarm.unit);
  return (
    <tr class={`sev-${alarm.severity} is-${alarm.state} ${isActive(alarm) ? 'is-active' : ''}`} data-alarm={alarm.id} data-state={alarm.state}>
      <td class="cell-severity"><span class="chip"><SeverityIcon severity={alarm.severity} filled={alarm.state === 'unacknowledged'} /> {severityWords[alarm.severity]}</span></td>
      {withoutCell ? null : (
        <th scope="row" class="cell-name">{alarm.cell === gatewayCell ? ownerWords(alarm.cell) : <a href={cellHref(alarm.cell)}>{alarm.cell}</a>}</th>
      )}
      <td class="cell-what"><b>{ruleWords(alarm.rule)}</b><span class="message">{alarm.message}{hazardWords(alarm)}</span></td>
      <td class="num cell-value" data-label="Value">{alarm.observed === null ? <span title="There is no reading: that is the point of this alarm.">–</span> : inUnit(alarm.observed, alarm.unit) + unit}</td>
      <td class="num cell-limit" data-label="Limit">{alarm.limit === null ? <span title="This rule has no single limit.">–</span> : inUnit(alarm.limit, alarm.unit) + unit}</td>
      <td class="cell-raised" data-label="Raised"><time title={clock.full(alarm.raisedAt)}>{clock.moment(alarm.raisedAt, now)}</time><span class="since">{isActive(alarm) ? `for ${span(now - alarm.raisedAt)}` : alarm.clearedAt !== null ? `over at ${clock.moment(alarm.clearedAt, now)}` : ''}</span></td>
      <td class="cell-state"><AlarmStateWords alarm={alarm} now={now} /></td>
      <td class="cell-action">{needsAcknowledgement(alarm) ? <button type="button" class="act" onClick={() => onAcknowledge(alarm)} aria-label={`Acknowledge ${ruleWords(alarm.rule)} on ${ownerWords(alarm.cell)}`}><CheckIcon />Acknowledge</button> : null}</td>
    </tr>
  );
}

function AlarmStateWords({ alarm, now }: { readonly alarm: Alarm; readonly now: number }): JSX.Element {
  return (
    <>
      <span class="state-words">{alarmStateWords[alarm.state]}{alarm.latched ? ', latched' : ''}</span>
      {alarm.acknowledgedAt !== null ? (
        <span class="since">{alarm.acknowledgedBy ?? 'unnamed'}, {clock.moment(alarm.acknowledgedAt, now)}{alarm.note ? `: ${alarm.note}` : ''}</span>
      ) : null}
    </>
  );
}
