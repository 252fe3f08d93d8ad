// One alarm: what it says, against which limit, what to do, why the rule exists, and everything that ever happened to it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Alarm } from '../api/types';
import { alarmKey, compareAlarms, gatewayCell, hazardWords, isActive, ownerWords, ruleWords } from '../logic/alarms';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { priorityMeaning, priorityOf, priorityWords } from '../logic/priorities';
import { span } from '../logic/time';
import { AlarmDialog, type AlarmQuestion } from '../parts/alarm-dialog';
import { AlarmButtons, AlarmStateWords } from '../parts/alarm-table';
import { BackIcon, SeverityIcon } from '../parts/icons';
import { clock, useNow } from '../state/clock';
import { usePerson } from '../state/person';
import { cellHref } from '../state/route';
import { useStore } from '../state/store';
import { useRecord } from './record';
import { RecordTable } from './record-table';
import { ruleText } from './rule-texts';

export function AlarmDetail({ name }: { readonly name: string }): JSX.Element {
  const [cell = '', rule = ''] = name.split('/', 2);
  const alarms = useStore((state) => state.alarms);
  const known = useStore((state) => state.alarmsKnown);
  const { mayAct } = usePerson();
  const [question, setQuestion] = useState<AlarmQuestion | null>(null);
  const record = useRecord({ cell, rule, from: null, to: null });
  const own = [...alarms.values()].filter((alarm) => alarm.cell === cell && alarm.rule === rule).sort(compareAlarms);
  return (
    <main id="main" class="alarms alarm-detail">
      <div class="toolbar"><a class="back" href="#/alarms"><BackIcon />Alarms</a><h1>{ownerWords(cell)}: {ruleWords(rule)}</h1></div>
      {own.length === 0 ? <p class="waiting">{known ? 'This alarm is not among those the gateway holds now; its history is below.' : 'Waiting for the gateway.'}</p> : own.map((alarm) => (
        <Card key={alarmKey(alarm)} alarm={alarm}>
          {mayAct ? <AlarmButtons alarm={alarm} all onAct={(act, of) => setQuestion({ act, alarms: [of] })} /> : null}
        </Card>
      ))}
      <section class="panel explained" aria-labelledby="rule"><h2 id="rule">What the rule looks at</h2><p>{ruleText(rule)}</p></section>
      <RecordTable record={record} name={`${cell}-${rule}`} withoutAlarm />
      {question ? <AlarmDialog {...question} onClose={() => setQuestion(null)} /> : null}
    </main>
  );
}

function Card({ alarm, children }: { readonly alarm: Alarm; readonly children: JSX.Element | null }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const priority = priorityOf(alarm);
  const unit = gap + unitSymbol(alarm.unit);
  return (
    <section class={`case is-card sev-${alarm.severity} ${alarm.state === 'unacknowledged' ? 'is-unseen' : ''} ${isActive(alarm) ? 'is-active' : ''}`} data-alarm={alarm.id} data-state={alarm.state} aria-label={`Test ${alarm.test ?? ''}`}>
      <div class="case-line">
        <div class="case-mark" title={priorityMeaning[priority]}><SeverityIcon severity={alarm.severity} filled={alarm.state === 'unacknowledged'} size={30} /><span><b>{priorityWords[priority]}</b><span class="since">{priorityMeaning[priority]}</span></span></div>
        <div class="case-what">
          <p class="case-value">{alarm.message}{hazardWords(alarm)}</p>
          {alarm.action ? <p class="case-do"><b>What to do</b> {alarm.action}</p> : null}
          <p class="case-state"><AlarmStateWords alarm={alarm} now={now} /></p>
        </div>
        <dl class="case-facts">
          <div><dt>Value</dt><dd>{alarm.observed === null ? '– no reading' : inUnit(alarm.observed, alarm.unit) + unit}</dd></div>
          <div><dt>Limit</dt><dd>{alarm.limit === null ? '– none single' : inUnit(alarm.limit, alarm.unit) + unit}</dd></div>
          {alarm.onset === null ? null : <div><dt>Onset</dt><dd>{clock.full(alarm.onset)}{alarm.revision > 0 ? <span class="since">corrected {alarm.revision}×</span> : null}</dd></div>}
          <div><dt>Raised</dt><dd>{clock.full(alarm.raisedAt)}<span class="since">{isActive(alarm) ? `for ${span(now - alarm.raisedAt)}` : alarm.clearedAt === null ? '' : `over at ${clock.full(alarm.clearedAt)}`}</span></dd></div>
          {alarm.test ? <div><dt>Test</dt><dd class="test-name">{alarm.test}</dd></div> : null}
        </dl>
        <div class="case-acts">
          {children}
          {alarm.cell === gatewayCell ? null : <a class="act button-like" href={`${cellHref(alarm.cell)}?at=${alarm.onset ?? alarm.raisedAt}`}>The cell at the onset</a>}
        </div>
      </div>
    </section>
  );
}
