// How many alarms there are against how many a person can serve, and which ones make the work.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { desk } from '../api/desk';
import type { RuleCount, Statistics as Figures } from '../api/desk-types';
import { ownerWords, ruleWords } from '../logic/alarms';
import { count, fixed, gap } from '../logic/format';
import { priorities, priorityWords, severityOf } from '../logic/priorities';
import { span } from '../logic/time';
import { SeverityIcon } from '../parts/icons';
import { useAnswer } from '../state/answer';
import { clock } from '../state/clock';
import { alarmHref } from '../state/route';
import { useStore } from '../state/store';
import { Pick } from './filter-bar';

export function Statistics(): JSX.Element {
  const [weeks, setWeeks] = useState('4');
  const since = useStore((state) => (state.link.kind === 'live' ? state.link.since : null));
  const [figures, error] = useAnswer((signal) => desk.statistics(Number(weeks), signal), [weeks, since]);
  return (
    <>
      <div class="filters"><Pick label="Weeks" value={weeks} options={['4', '8', '12'].map((of) => [of, of])} onChange={setWeeks} /></div>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {figures ? <Tables of={figures} /> : error ? null : <p class="waiting">Counting.</p>}
    </>
  );
}

function Tables({ of }: { readonly of: Figures }): JSX.Element {
  const { meanSecondsToAcknowledge: mean } = of;
  return (
    <div class="figures">
      <dl class="panel totals">
        <div><dt>Time to acknowledge, mean</dt><dd>{mean === null ? '–' : span(mean)}</dd></div>
        <div><dt>Most in 10 minutes</dt><dd>{count(of.peakPerTenMinutes)}<span class="since">{of.peakPerTenMinutes > 10 ? 'more than 10: a flood' : '10 is what one person can follow'}</span></dd></div>
        <div><dt>Floods</dt><dd>{count(of.floods)}</dd></div>
      </dl>
      <section class="panel weeks" aria-labelledby="weeks">
        <header class="panel-head"><h2 id="weeks">Raised each week</h2><p class="hint">the mark is what one person can serve in a week</p></header>
        <table>
          <thead><tr><th scope="col">Week from <span class="zone">{clock.zoneName}</span></th>{priorities.map((priority) => <th key={priority} scope="col"><span class={`chip sev-${severityOf[priority]}`}><SeverityIcon severity={severityOf[priority]} size={15} />{priorityWords[priority]}</span><span class="since">target {of.targets[priority]}</span></th>)}</tr></thead>
          <tbody>{of.weeks.map((week) => (
            <tr key={week.from}>
              <th scope="row" class="when">{clock.day(week.from)}</th>
              {priorities.map((priority) => <td key={priority}><Bar value={week.counts[priority]} target={of.targets[priority]} severity={severityOf[priority]} /></td>)}
            </tr>))}
          </tbody>
        </table>
      </section>
      <Ranking id="frequent" title="Most frequent" hint="the first to mend" unit="Times" rows={of.mostFrequent} none="No alarm was raised." />
      <Ranking id="standing" title="Standing" hint="active for more than 24 h" unit="Hours" rows={of.standing.map((one) => ({ ...one, count: one.hours }))} none="None stands." decimals={1} />
      <Ranking id="chattering" title="Chattering" hint="three or more changes within a minute" unit="Times" rows={of.chattering} none="None chatters." />
    </div>
  );
}

function Bar({ value, target, severity }: { readonly value: number; readonly target: number; readonly severity: string }): JSX.Element {
  const over = value > target;
  // The whole track is one and a half times the target; more than that fills it.
  const whole = Math.max(1, target * 1.5);
  const share = Math.min(1, value / whole);
  return (
    <span class={`bar sev-${severity} ${over ? 'is-over-target' : ''}`}>
      <span class="bar-number">{count(value)}</span>
      <span class="bar-track" aria-hidden="true"><span class="bar-fill" style={{ width: `${share * 100}%` }} /><span class="bar-target" style={{ left: `${(target / whole) * 100}%` }} /></span>
      {over ? <span class="bar-words">over target</span> : null}
    </span>
  );
}

interface RankingProps {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly unit: string;
  readonly rows: readonly RuleCount[];
  readonly none: string;
  readonly decimals?: number;
}

function Ranking({ id, title, hint, unit, rows, none, decimals = 0 }: RankingProps): JSX.Element {
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head"><h2 id={id}>{title}</h2><p class="hint">{hint}</p></header>
      {rows.length === 0 ? <p class="waiting">{none}</p> : (
        <table>
          <thead><tr><th scope="col">Alarm</th><th scope="col" class="num">{unit}</th></tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={`${row.cell}/${row.rule}`}><th scope="row"><a class="what" href={alarmHref(row)}>{ownerWords(row.cell)}: {ruleWords(row.rule)}</a></th><td class="num">{fixed(row.count, decimals)}{decimals > 0 ? `${gap}h` : ''}</td></tr>))}
          </tbody>
        </table>
      )}
    </section>
  );
}
