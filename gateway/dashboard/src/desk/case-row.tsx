// One incident on the desk: how bad, which cell, what, since when, what to do, and how much of it nobody has acknowledged.
import type { JSX } from 'preact';
import type { Alarm } from '../api/types';
import { gatewayCell, hazardWords, isActive, ownerWords, ruleWords, severityWords } from '../logic/alarms';
import type { Case } from '../logic/cases';
import { againstLimit, count } from '../logic/format';
import { priorityMeaning, priorityWords, severityOf } from '../logic/priorities';
import { Lasting } from '../parts/ticking';
import { clock, nowSeconds } from '../state/clock';
import { usePerson } from '../state/person';
import { alarmHref, cellHref } from '../state/route';
import { AlarmButtons, type Selection } from '../parts/alarm-table';
import type { AlarmAct } from '../parts/alarm-dialog';
import { CheckIcon, SeverityIcon } from '../parts/icons';

interface CaseRowProps {
  readonly of: Case;
  readonly gone: boolean;
  readonly expanded: boolean;
  readonly selection: Selection;
  readonly onExpand: () => void;
  readonly onAcknowledge: () => void;
  readonly onAct: (act: AlarmAct, alarm: Alarm) => void;
  readonly children: JSX.Element | null;
}

/** Cells and benches named on a row; the rest is counted. */
const namedMax = 4;

export function CaseRow({ of, gone, expanded, selection, onExpand, onAcknowledge, onAct, children }: CaseRowProps): JSX.Element {
  const now = nowSeconds();
  const { mayAct } = usePerson();
  const { head, firstOut } = of;
  const single = of.alarmCount === 1;
  const name = `${priorityWords[of.priority]}: ${ownerWords(head.cell)}, ${ruleWords(head.rule)}`;
  return (
    <li class={`case sev-${severityOf[of.priority]} ${of.unacknowledged > 0 ? 'is-unseen' : 'is-seen'} ${of.active ? 'is-active' : 'is-over'} ${gone ? 'is-gone' : ''}`} data-row={of.key} data-case={of.incident ?? ''} data-alarm={head.id} data-state={head.state} tabIndex={-1} aria-label={name}>
      <div class="case-line">
        <div class="case-mark" title={priorityMeaning[of.priority]}>
          <SeverityIcon severity={severityOf[of.priority]} filled={of.unacknowledged > 0} size={30} />
          <span><b>{priorityWords[of.priority]}</b>{severityWords[head.severity] === priorityWords[of.priority] ? null : <span class="since">{severityWords[head.severity].toLowerCase()}</span>}</span>
        </div>
        <div class="case-what">
          <h2><span class="case-cell">{head.cell === gatewayCell ? ownerWords(head.cell) : <a href={cellHref(head.cell)}>{head.cell}</a>}</span> <a class="what" href={alarmHref(head)}>{ruleWords(head.rule)}</a></h2>
          <p class="case-value">{againstLimit(head.observed, head.limit, head.unit, head.measure)}</p>
          <p class="message">{head.message}{hazardWords(head)}</p>
          {firstOut.id !== head.id ? <p class="case-first"><b>First</b> {ownerWords(firstOut.cell)}: {ruleWords(firstOut.rule)}, {clock.moment(firstOut.onset ?? firstOut.raisedAt, now)} {clock.zoneName}</p> : null}
          {head.action ? <p class="case-do"><b>What to do</b> {head.action}</p> : null}
        </div>
        <dl class="case-facts">
          <div><dt>Since</dt><dd><time title={clock.full(head.raisedAt)}>{clock.moment(head.raisedAt, now)} {clock.zoneName}</time> <span class="since">{isActive(head) ? <Lasting since={head.raisedAt} /> : `over${head.clearedAt === null ? '' : ` at ${clock.moment(head.clearedAt, now)} ${clock.zoneName}`}`}</span></dd></div>
          {single ? null : <div><dt>Incident</dt><dd>since <time title={clock.full(of.openedAt)}>{clock.moment(of.openedAt, now)} {clock.zoneName}</time></dd></div>}
          {of.benches.length > 0 ? <div><dt>{of.benches.length === 1 ? 'Bench' : `${count(of.benches.length)} benches`}</dt><dd>{named(of.benches)}</dd></div> : null}
          {of.cellCount > 1 ? <div><dt>{`${count(of.cellCount)} cells`}</dt><dd>{named(of.cells, of.cellCount)}</dd></div> : null}
          <div><dt>Seen</dt><dd><SeenWords of={of} now={now} /></dd></div>
        </dl>
        <div class="case-acts">
          {mayAct && single ? <AlarmButtons alarm={head} onAct={onAct} all /> : null}
          {mayAct && !single && of.unacknowledged > 0 ? <button type="button" class="act primary" onClick={onAcknowledge} aria-label={`Acknowledge all ${count(of.unacknowledged)}: ${name}`}><CheckIcon />Acknowledge all {count(of.unacknowledged)}</button> : null}
          {single ? null : <button type="button" class="act" aria-expanded={expanded} onClick={onExpand} aria-label={`${expanded ? 'Hide' : 'Show'} ${count(of.alarmCount)} alarms of ${name}`}>{expanded ? 'Hide' : 'Show'} {count(of.alarmCount)} alarms</button>}
          {mayAct ? <label class="select"><input type="checkbox" checked={selection.has(of.key)} onChange={() => selection.toggle(of.key)} /><span>Select</span></label> : null}
        </div>
      </div>
      {expanded ? children : null}
    </li>
  );
}

/** "a, b, c and 9 more". */
const named = (names: readonly string[], total = names.length): string => {
  const shown = names.slice(0, namedMax);
  return shown.map(ownerWords).join(', ') + (total > shown.length ? ` and ${count(total - shown.length)} more` : '');
};

function SeenWords({ of, now }: { readonly of: Case; readonly now: number }): JSX.Element {
  const escalated = of.escalation > 0 ? <span class="since">{`escalated ${of.escalation}×`}</span> : null;
  if (of.unacknowledged > 0) {
    return <><b class="unseen">{of.alarmCount === 1 ? 'not acknowledged' : `${count(of.unacknowledged)} of ${count(of.alarmCount)} not acknowledged`}</b>{escalated}</>;
  }
  const at = of.head.acknowledgedAt;
  return <>{of.acknowledgedBy.join(', ') || 'acknowledged'}{at === null ? '' : `, ${clock.moment(at, now)} ${clock.zoneName}`}{of.head.note ? <span class="since">{of.head.note}</span> : null}{escalated}</>;
}
