// What a person can do while a session runs, in a bar that never leaves the screen. Questions open above it and never in front of it:
// the emergency stop has to stay in reach while somebody writes a note.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import { isWatched } from '../logic/abuse';
import { useShortcuts } from '../state/shortcuts';
import { useDesk, type SessionProps } from './context';
import { Acting } from './acting';
import { EmergencyStop } from './stop';

type Ask = 'trigger' | 'withdraw' | 'end-exposure' | 'end' | 'cancel' | 'note' | 'deviation';

interface Action {
  readonly ask: Ask;
  readonly words: string;
  readonly key: string;
}

const all: Readonly<Record<Ask, Action>> = {
  trigger: { ask: 'trigger', words: 'Trigger now', key: 't' },
  withdraw: { ask: 'withdraw', words: 'Take back', key: 'b' },
  'end-exposure': { ask: 'end-exposure', words: 'End exposure', key: 'e' },
  note: { ask: 'note', words: 'Note', key: 'n' },
  deviation: { ask: 'deviation', words: 'Deviation', key: 'd' },
  end: { ask: 'end', words: 'End test', key: 'x' },
  cancel: { ask: 'cancel', words: 'Cancel test', key: 'x' },
};

function offered({ record, standing }: SessionProps): readonly Action[] {
  const exposes = record.plan.observation.start === 'end-of-exposure' && record.exposureEndedAt === null;
  const hasRunAway = record.figures?.values.some((value) => value.id === 'timeToRunawayS' && value.value !== null) ?? false; // is never taken back
  const asks: readonly (Ask | null)[] = standing.state === 'preparing' ? ['note', 'deviation', 'cancel']
    : standing.state === 'armed' ? ['trigger', 'note', 'deviation', 'cancel']
    : isWatched(standing.state) ? [exposes ? 'end-exposure' : null, 'note', 'deviation', hasRunAway ? null : 'withdraw', 'end'] : [];
  return asks.filter((ask) => ask !== null).map((ask) => all[ask]);
}

export function Actions(props: SessionProps): JSX.Element {
  const { person, error, isBusy, feed, by, order } = useDesk();
  const [asked, setAsked] = useState<Ask | null>(null);
  const buttons = useRef(new Map<Ask, HTMLButtonElement>());
  const actions = offered(props);
  const shown = actions.some(({ ask }) => ask === asked) ? asked : null;
  const choose = (ask: Ask): void => {
    if (ask === 'trigger') {
      // A moment cannot wait for a question: it is told with the press. The key only leads to the button.
      void order(() => abuseApi.act(feed.id, 'trigger', by));
    } else {
      setAsked(ask === asked ? null : ask);
    }
  };
  useShortcuts(actions.map(({ ask, words, key }) => ({
    keys: key, words: ask === 'trigger' ? 'To “Trigger now”' : words, group: 'This test', run: () => (ask === 'trigger' ? buttons.current.get(ask)?.focus() : setAsked(ask)),
  })));
  const close = (): void => {
    setAsked(null);
    if (asked) {
      buttons.current.get(asked)?.focus();
    }
  };
  return (
    <div class="abuse-bar" role="region" aria-label="Actions">
      {shown ? <Question key={shown} ask={shown} onClose={close} {...props} /> : null}
      <p class="form-error" role="alert">{error}</p>
      <div class="abuse-bar-row">
        <Acting person={person} />
        <div class="abuse-actions">
          {actions.map(({ ask, words, key }) => (
            <button key={ask} type="button" disabled={isBusy && ask !== 'trigger' && ask !== 'end-exposure'} class={ask === 'trigger' || ask === 'end-exposure' ? 'primary' : ''} aria-expanded={ask === 'trigger' ? undefined : shown === ask}
              ref={(element) => { if (element) buttons.current.set(ask, element); else buttons.current.delete(ask); }} onClick={() => choose(ask)}>{words} <kbd aria-hidden="true">{key}</kbd></button>))}
        </div>
        <EmergencyStop />
      </div>
    </div>
  );
}

const questions: Readonly<Record<Exclude<Ask, 'trigger'>, { readonly title: string; readonly text: string; readonly go: string }>> = {
  withdraw: { title: 'Was it no event?', text: 'A contact was lost, a button pressed too early. The test is armed again and waits for the event; what was taken back stands in the report. Say why.', go: 'Take it back' },
  'end-exposure': { title: 'Has the exposure ended?', text: 'The short is open, the charger is off or the hold is over. The observation begins now.', go: 'Yes, it has ended' },
  note: { title: 'Note', text: 'Goes into the log with your name and the time.', go: 'Write it down' },
  deviation: { title: 'Deviation from the plan', text: 'Stands in the report.', go: 'Write it down' },
  end: { title: 'End the test?', text: 'All that the plan asks for has been seen.', go: 'End the test' },
  cancel: { title: 'Cancel the test?', text: 'Nothing was done to the cell. The session is closed and stays in the list.', go: 'Cancel the test' },
};

function Question({ ask, record, onClose }: SessionProps & { readonly ask: Ask; readonly onClose: () => void }): JSX.Element | null {
  const { feed, by, order, isBusy } = useDesk();
  const [text, setText] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('textarea, .primary')?.focus(), []);
  if (ask === 'trigger') {
    return null;
  }
  const { title, text: explanation, go } = questions[ask];
  const observation = record.figures?.observation;
  const isEarly = ask === 'end' && (observation?.completeAt ?? null) === null;
  const takesText = ask === 'note' || ask === 'deviation' || ask === 'withdraw' || isEarly;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const said = text.trim();
    const taken = await order(() => (ask === 'note' || ask === 'deviation'
      ? abuseApi.note(feed.id, said, ask === 'deviation', by)
      : abuseApi.act(feed.id, ask, by, said === '' ? null : said)));
    if (taken) {
      onClose();
    }
  };
  return (
    <form ref={form} class="abuse-question" aria-labelledby="question-title" onSubmit={(event) => void submit(event)} onKeyUp={(event) => event.key === 'Escape' && onClose()}>
      <p class="question-words"><b id="question-title">{title}</b> {isEarly ? <><b>The observation is not over.</b> {observation?.waiting.length ? `Still waiting for ${observation.waiting.join('; ')}.` : 'It has not begun.'} Ending now is a deviation: say why.</> : explanation}</p>
      {takesText ? <label><span class="visually-hidden">{isEarly ? 'Why it is ended now' : 'Text'}</span><textarea rows={2} required maxLength={1000} value={text} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.current?.requestSubmit(); } }} /></label> : null}
      <div class="buttons">
        <button type="button" onClick={onClose}>Back</button>
        <button type="submit" class="primary" disabled={isBusy}>{go}</button>
      </div>
    </form>
  );
}
