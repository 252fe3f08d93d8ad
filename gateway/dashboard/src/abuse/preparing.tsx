// Before arming: what the monitor checks by itself, what a person confirms by name, and one large button that says what it waits for.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import type { AbuseCheck } from '../api/abuse-types';
import { armObstacles, sourceWords } from '../logic/abuse';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { clock } from '../state/clock';
import { useShortcuts } from '../state/shortcuts';
import { useDesk, type SessionProps } from './context';
import { CheckMark } from './marks';

const checkWords = { open: 'Open', good: 'Good', bad: 'Not good' } as const;

export function Preparing({ record }: SessionProps): JSX.Element {
  const { feed, by, order, isBusy, mayAct, person } = useDesk();
  const list = useRef<HTMLElement>(null);
  const arm = useRef<HTMLButtonElement>(null);
  const obstacles = armObstacles(record);
  const own = record.checks.filter((check) => !check.isByPerson);
  const people = record.checks.filter((check) => check.isByPerson);
  useShortcuts(mayAct ? [
    { keys: 'c', words: 'To the next line to confirm', group: 'This test', run: () => list.current?.querySelector<HTMLElement>('.is-open button')?.focus() },
    { keys: 'a', words: 'To “Arm”', group: 'This test', run: () => arm.current?.focus() },
  ] : []);
  const needsName = person.name === '';
  const hasSaid = useRef(false);
  // A button that was pressed goes with its line's answer. The focus then stands before the next line, not on its button: each is
  // confirmed on its own, and not by a key that was pressed once too often.
  useEffect(() => {
    if (hasSaid.current && document.activeElement === document.body) {
      hasSaid.current = false;
      list.current?.querySelector<HTMLElement>('.check-lists > :last-child .is-open, .arm')?.focus();
    }
  });
  return (
    <section ref={list} class="panel abuse-checks" aria-labelledby="checks-title">
      <h2 id="checks-title">Before arming</h2>
      <div class="check-lists">
        <div><h3>What the monitor knows <span class="hint">live</span></h3>
          <ul>{own.map((check) => <CheckLine key={check.id} check={check} />)}</ul></div>
        <div><h3>What a person confirms <span class="hint">by name</span></h3>
          <ul>{people.map((check) => <CheckLine key={check.id} check={check} isAsked onSaid={() => { hasSaid.current = true; }} />)}</ul></div>
      </div>
      {mayAct ? (
        <div class="arm" tabIndex={-1}>
          <button ref={arm} type="button" class="arm-button" aria-disabled={obstacles.length > 0 || isBusy || needsName} aria-describedby="arm-reasons"
            onClick={() => obstacles.length === 0 && !isBusy && !needsName && void order(() => abuseApi.act(feed.id, 'arm', by))}>Arm</button>
          <div id="arm-reasons">
            {obstacles.length === 0 && !needsName ? <p><b>Ready.</b> Arming asks the node for 50 samples a second{record.plan.protectionKind ? ' and arms its relay' : ''}; the event is looked for from then on.</p> : <>
              <p><b>Cannot be armed yet:</b></p>
              <ul>{needsName ? <li>Write your name below: who arms it stands in the record</li> : null}{obstacles.map((reason) => <li key={reason}>{reason}</li>)}</ul></>}
          </div>
        </div>
      ) : null}
    </section>
  );
}

/** What a person may answer for by name although the monitor finds it bad: it does not blind the monitor. */
const acceptable: readonly string[] = ['sensors', 'storage', 'relay'];

function CheckLine({ check, isAsked = false, onSaid }: { readonly check: AbuseCheck; readonly isAsked?: boolean; readonly onSaid?: () => void }): JSX.Element {
  const { feed, by, order, isBusy, mayAct, person } = useDesk();
  const [isDoubted, setDoubted] = useState(false);
  const [detail, setDetail] = useState('');
  const needsName = person.name === '';
  const isAcceptable = !isAsked && check.state === 'bad' && acceptable.includes(check.id);
  const say = (good: boolean, why: string | null): void => {
    void order(() => abuseApi.check(feed.id, check.id, good, why, by)).then((taken) => {
      if (taken) {
        person.keep();
        setDoubted(false);
        onSaid?.();
      }
    });
  };
  return (
    <li tabIndex={-1} class={`check-line is-${check.state}`} data-check={check.id} data-state={check.state}>
      <CheckMark state={check.state} />
      <div class="check-words">
        <p><b>{check.text}</b> <span class="check-state">{checkWords[check.state]}</span></p>
        {check.detail ? <p class="hint">{check.detail}</p> : null}
        {check.person && check.at !== null ? <p class="hint">{check.person}, {clock.timeOfDay(check.at)} {clock.zoneName}</p> : null}
        {isDoubted ? (
          <form class="doubt" onSubmit={(event) => { event.preventDefault(); say(isAcceptable, detail.trim()); }}>
            <label>{isAcceptable ? 'Why it is accepted as it is' : 'What is not as it should be'}<input required maxLength={500} value={detail} onInput={(event) => setDetail(event.currentTarget.value)} /></label>
            <button type="submit" disabled={isBusy}>{isAcceptable ? 'Accept by name' : 'Say so'}</button><button type="button" class="plain" onClick={() => setDoubted(false)}>Back</button>
          </form>) : null}
      </div>
      {isAcceptable && mayAct && !isDoubted ? (
        <div class="check-acts"><button type="button" class="plain" disabled={isBusy || needsName} aria-label={`Accept as it is: ${check.text}`} onClick={() => setDoubted(true)}>Accept as it is</button></div>) : null}
      {isAsked && mayAct && !isDoubted ? (
        <div class="check-acts">
          {check.state === 'good' ? null : <button type="button" class="primary" disabled={isBusy || needsName} title={needsName ? 'Write your name below first' : undefined} aria-label={`Confirm: ${check.text}`} onClick={() => say(true, null)}>Confirm</button>}
          {check.state === 'bad' ? null : <button type="button" class="plain" disabled={isBusy || needsName} aria-label={`Not so: ${check.text}`} onClick={() => setDoubted(true)}>Not so</button>}
        </div>) : null}
    </li>
  );
}

/** What the plan asks of cell and set-up, with where each figure comes from. */
export function Conditions({ record }: Pick<SessionProps, 'record'>): JSX.Element {
  const { plan } = record;
  return (
    <section class="panel abuse-plan" aria-labelledby="plan-title">
      <h2 id="plan-title">{plan.title}</h2>
      <p class="hint">{[plan.standard, `plan ${plan.name}, version ${plan.version}, copied when the test began`].filter((part) => part).join(' · ')}</p>
      {plan.note ? <p>{plan.note}</p> : null}
      <ul class="conditions">{plan.conditions.map((condition) => (
        <li key={condition.text}>{condition.text}{condition.value === null ? '' : <>: <b>{inUnit(condition.value, condition.unit ?? '')}{condition.unit ? gap + unitSymbol(condition.unit) : ''}</b></>}
          {condition.source === 'quoted' ? null : <span class={`source is-${condition.source}`}>{sourceWords[condition.source]}</span>}</li>))}
      </ul>
    </section>
  );
}
