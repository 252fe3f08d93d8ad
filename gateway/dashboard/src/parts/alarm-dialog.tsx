// The questions before an alarm is acknowledged, shelved, taken from the shelf or reset: who, why, until when. Nothing
// changes on screen before the gateway has said that it is recorded; what it refuses is said here.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { desk } from '../api/desk';
import type { Alarm } from '../api/types';
import { alarmKey, ownerWords, ruleWords } from '../logic/alarms';
import { priorityOf, priorityWords, severityOf } from '../logic/priorities';
import { longestShelf, shelfPresets, shelfSeconds } from '../logic/shelving';
import { againstLimit } from '../logic/format';
import { addedSince, seenOf, worseSince } from '../logic/seen';
import { span } from '../logic/time';
import { clock } from '../state/clock';
import { rememberedName, rememberName, usePerson } from '../state/person';
import { store, useStore } from '../state/store';
import { SeverityIcon } from './icons';
import { Modal } from './modal';

export type AlarmAct = 'acknowledge' | 'shelve' | 'unshelve' | 'reset';

export interface AlarmQuestion {
  readonly act: AlarmAct;
  readonly alarms: readonly Alarm[];
  /** Where an incident is meant: what joins it while the question is open is shown, and not acknowledged with the rest. */
  readonly incident?: string | null;
  /** How many of it ask, those included that are not known here. */
  readonly count?: number;
}

interface DialogProps extends AlarmQuestion {
  readonly onClose: () => void;
  /** The gateway has agreed to all of it. */
  readonly onDone?: () => void;
}

export const actWords: Readonly<Record<AlarmAct, string>> = { acknowledge: 'Acknowledge', shelve: 'Shelve', unshelve: 'Unshelve', reset: 'Reset' };

/** Requests under way at once for a selection. */
const requestsMax = 4;

/** Alarms named in the dialog; the rest is counted. */
const namedMax = 3;

export function AlarmDialog({ act, alarms, incident = null, count = alarms.length, onClose, onDone }: DialogProps): JSX.Element | null {
  const person = usePerson();
  const [left, setLeft] = useState(alarms);
  const [name, setName] = useState(rememberedName);
  const [text, setText] = useState('');
  const [seconds, setSeconds] = useState(900);
  const [errors, setErrors] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  const presets = useMemo(() => shelfPresets(alarms, new Date()), [alarms]);
  const known = useStore((state) => state.alarms);
  const head = left[0];
  if (!head) {
    return null;
  }
  const worse = worseSince(left, known);
  const added = act === 'acknowledge' && incident !== null ? addedSince([...alarms, ...left], known, incident) : [];
  const by = person.asks ? name.trim() : person.by;
  const needsText = act === 'shelve';
  const mayGo = busy === null && by !== '' && (!needsText || (text.trim() !== '' && seconds >= shelfSeconds.least && seconds <= longestShelf(left)));

  const ask = (alarm: Alarm): Promise<Alarm> => {
    switch (act) {
      case 'acknowledge':
        return desk.acknowledge(alarm, by, text.trim());
      case 'shelve':
        return desk.shelve(alarm, by, text.trim(), seconds);
      case 'unshelve':
        return desk.unshelve(alarm, by);
      case 'reset':
        return desk.reset(alarm, by, text.trim());
    }
  };

  const finish = (): void => {
    onDone?.();
    onClose();
  };

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setErrors([]);
    setBusy('Asking the gateway');
    if (person.asks && by) {
      rememberName(by);
    }
    if (act === 'acknowledge' && incident !== null) {
      // Only what has been on this screen; what joined meanwhile is answered as left and named.
      try {
        let still: number | null = null;
        let refused: unknown = null;
        for (const seen of seenOf(left)) {
          try {
            const answer = await desk.acknowledgeIncident(incident, by, text.trim(), seen);
            store.takeIncident(answer);
            still = answer.unacknowledged;
          } catch (cause) {
            // One piece of many may be what somebody else has just acknowledged.
            refused = cause;
            if (!(cause instanceof ApiError && cause.status === 409)) {
              break;
            }
          }
        }
        if (still === null || (refused !== null && !(refused instanceof ApiError && refused.status === 409))) {
          throw refused;
        }
        if (still === 0) {
          finish();
          return;
        }
        // What is named now is what the next press acknowledges.
        const since = [...worseSince(left, store.state.alarms), ...addedSince([...alarms, ...left], store.state.alarms, incident)];
        setLeft(since.length > 0 ? since : left);
        setErrors([`Acknowledged. ${still} of the incident came or became worse meanwhile, or ${still === 1 ? 'is' : 'are'} not known on this screen, and still ${still === 1 ? 'asks' : 'ask'}.`]);
        setBusy(null);
      } catch (cause) {
        setErrors([sentence(cause)]);
        setBusy(null);
      }
      return;
    }
    const failed: Alarm[] = [];
    const reasons: string[] = [];
    let done = 0;
    const queue = [...left];
    const work = async (): Promise<void> => {
      for (let alarm = queue.shift(); alarm; alarm = queue.shift()) {
        try {
          store.takeAlarm(await ask(alarm));
        } catch (cause) {
          failed.push(alarm);
          reasons.push(left.length === 1 ? sentence(cause) : `${ownerWords(alarm.cell)}, ${ruleWords(alarm.rule)}: ${sentence(cause)}`);
        }
        done += 1;
        setBusy(left.length === 1 ? 'Asking the gateway' : `${done} of ${left.length}`);
      }
    };
    await Promise.all(Array.from({ length: requestsMax }, work));
    if (failed.length === 0) {
      finish();
      return;
    }
    // What is shown now is what the next press means.
    const changed = new Map(worseSince(failed, store.state.alarms).map((alarm) => [alarmKey(alarm), alarm]));
    setLeft(failed.map((alarm) => changed.get(alarmKey(alarm)) ?? alarm));
    setErrors(reasons);
    setBusy(null);
  };

  const whole = left.length;
  const unknown = incident !== null ? Math.max(0, count - alarms.length) : 0;
  const title = `${actWords[act]} ${whole === 1 ? 'alarm' : incident !== null ? `incident, ${whole} alarms` : `${whole} alarms`}`;
  return (
    <Modal class={`alarm-dialog acknowledge sev-${head.severity}`} titledBy="alarm-dialog-title" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="alarm-dialog-title">{title}</h2>
        <Subjects alarms={left} whole={whole} />
        {worse.length > 0 ? <p class="form-error" role="alert">{`Changed while you look: ${worse.map((alarm) => `${ownerWords(alarm.cell)}, ${ruleWords(alarm.rule)}`).slice(0, namedMax).join('; ')}. Look again before you go on.`}</p> : null}
        {added.length > 0 ? <p class="form-error" role="alert">{`Added while you look: ${added.map((alarm) => `${priorityWords[priorityOf(alarm)]}: ${ownerWords(alarm.cell)}, ${ruleWords(alarm.rule)}`).slice(0, namedMax).join('; ')}${added.length > namedMax ? ` and ${added.length - namedMax} more` : ''}. It is not acknowledged with the ones above.`}</p> : null}
        {unknown > 0 ? <p class="hint">{`${unknown} more of the incident ${unknown === 1 ? 'is' : 'are'} not known on this screen and ${unknown === 1 ? 'stays' : 'stay'} as ${unknown === 1 ? 'it is' : 'they are'}.`}</p> : null}
        {act === 'shelve' ? (
          <fieldset class="presets">
            <legend>How long</legend>
            {presets.map((preset) => (
              <label key={preset.words} class="preset"><input type="radio" name="seconds" checked={seconds === preset.seconds} disabled={!preset.allowed} onChange={() => setSeconds(preset.seconds)} />{preset.words}</label>
            ))}
            <p class="hint">{`Comes back by itself at ${clock.full(Date.now() / 1000 + seconds)}.`}{longestShelf(left) < shelfSeconds.most ? ` An emergency stays away ${span(shelfSeconds.mostEmergency)} at most, and comes back at once if it gets worse.` : ' It goes on being judged and recorded.'}</p>
          </fieldset>
        ) : null}
        {act === 'reset' ? <p class="hint">Reset it only when the cause is gone and the cell has been looked at. If the condition still holds, it is raised again.</p> : null}
        {person.asks ? <label>Your name<input name="by" required maxLength={64} autocomplete="name" value={name} autoFocus={name === ''} onInput={(event) => setName(event.currentTarget.value)} /></label> : null}
        {act === 'unshelve' ? null : (
          <label>{act === 'shelve' ? 'Reason' : 'Note'} <span class="hint">{act === 'shelve' ? 'kept in the record' : 'what you saw or did; may stay empty'}</span><textarea name="note" rows={3} maxLength={1000} required={needsText} value={text} autoFocus={name !== '' || !person.asks} onInput={(event) => setText(event.currentTarget.value)} /></label>
        )}
        {errors.length > 0 ? <div class="form-error" role="alert">{errors.slice(0, 5).map((error) => <p key={error}>{error}</p>)}{errors.length > 5 ? <p>{`and ${errors.length - 5} more`}</p> : null}</div> : null}
        <div class="buttons">
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={!mayGo}>{busy ?? actWords[act]}</button>
        </div>
      </form>
    </Modal>
  );
}

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function Subjects({ alarms, whole }: { readonly alarms: readonly Alarm[]; readonly whole: number }): JSX.Element {
  return (
    <div class="subjects">
      {alarms.slice(0, namedMax).map((alarm) => (
        <p key={alarmKey(alarm)} class={`subject sev-${alarm.severity}`}>
          <SeverityIcon severity={severityOf[priorityOf(alarm)]} size={22} />
          <span><b>{priorityWords[priorityOf(alarm)]}: {ruleWords(alarm.rule)}</b> on <b>{ownerWords(alarm.cell)}</b><span class="message">{alarm.message}</span><span class="message">{againstLimit(alarm.observed, alarm.limit, alarm.unit, alarm.measure)}</span></span>
        </p>
      ))}
      {whole > namedMax ? <p class="hint">{`and ${whole - Math.min(alarms.length, namedMax)} more`}</p> : null}
    </div>
  );
}
