// Transitions as a table: when, which, from what to what, by whom and why.
import type { JSX } from 'preact';
import type { Transition } from '../api/desk-types';
import { alarmStateWords, ownerWords, ruleWords } from '../logic/alarms';
import { fileName } from '../plots/csv';
import { saveCsv } from '../plots/export';
import { clock } from '../state/clock';
import { alarmHref } from '../state/route';
import type { RecordView } from './record';

const columns = ['time', 'unixSeconds', 'cell', 'test', 'rule', 'from', 'to', 'by', 'note', 'reason'] as const;

const saveRecord = (lines: readonly Transition[], name: string): void =>
  saveCsv(fileName('alarm-history', name) + '.csv', columns, lines.map((line) => [new Date(line.at * 1000).toISOString(), line.at, line.cell, line.test, line.rule, line.from, line.to, line.by, line.note, line.reason]));

export function RecordTable({ record, name, withoutAlarm = false }: { readonly record: RecordView; readonly name: string; readonly withoutAlarm?: boolean }): JSX.Element {
  const { lines, isRead, error, hasOlder, older } = record;
  return (
    <section class="panel" aria-labelledby="record">
      <header class="panel-head">
        <h2 id="record">{withoutAlarm ? 'What happened to it' : 'History'}</h2>
        <p class="hint">{lines.length === 0 ? '' : `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, newest first; nobody can change them`}</p>
        <span class="tools"><button type="button" disabled={lines.length === 0} onClick={() => saveRecord(lines, name)}>Save as CSV</button></span>
      </header>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {lines.length === 0 ? <p class="waiting">{isRead ? 'The record has no line of this kind.' : error ? '' : 'Reading the record.'}</p> : (
        <table class="record">
          <thead><tr><th scope="col">When <span class="zone">{clock.zoneName}</span></th>{withoutAlarm ? null : <th scope="col">Alarm</th>}<th scope="col">Now</th><th scope="col">Why</th><th scope="col">Person and note</th></tr></thead>
          <tbody>{lines.map((line) => (
            <tr key={line.id} data-line={line.id}>
              <td class="when"><time title={`Line ${line.id}`}>{clock.day(line.at)} {clock.timeOfDay(line.at)}</time></td>
              {withoutAlarm ? null : <th scope="row"><a class="what" href={alarmHref(line)}>{ownerWords(line.cell)}: {ruleWords(line.rule)}</a></th>}
              <td>{alarmStateWords[line.to] ?? line.to}{line.from === line.to || line.from === 'normal' ? '' : <span class="since">was: {(alarmStateWords[line.from] ?? line.from).toLowerCase()}</span>}</td>
              <td class="why">{line.reason}</td>
              <td class="who">{line.by ? <b>{line.by}</b> : null}{line.note ? <span class="since">{line.note}</span> : null}</td>
            </tr>))}
          </tbody>
        </table>
      )}
      {hasOlder ? <p class="waiting"><button type="button" onClick={older}>Load older</button></p> : null}
    </section>
  );
}
