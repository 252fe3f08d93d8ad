// The question before an alarm counts as seen: who, and what was done. Nothing changes on screen before the gateway agrees.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Alarm } from '../api/types';
import { ownerWords, ruleWords, severityWords } from '../logic/alarms';
import { againstLimit } from '../logic/format';
import { recall, remember } from '../state/settings';
import { store } from '../state/store';
import { SeverityIcon } from './icons';

export function Acknowledge({ alarm, onClose }: { readonly alarm: Alarm; readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(() => recall('name') ?? '');
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const answer = await api.acknowledge(alarm.cell, alarm.rule, name.trim(), note.trim());
      remember('name', name.trim());
      store.takeAlarm(answer);
      onClose();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  };

  return (
    <dialog ref={dialog} class={`acknowledge sev-${alarm.severity}`} onClose={onClose} aria-labelledby="acknowledge-title">
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="acknowledge-title">Acknowledge alarm</h2>
        <p class="subject">
          <SeverityIcon severity={alarm.severity} size={22} />
          <span><b>{severityWords[alarm.severity]}: {ruleWords(alarm.rule)}</b> on <b>{ownerWords(alarm.cell)}</b><span class="message">{alarm.message}</span><span class="message">{againstLimit(alarm.observed, alarm.limit, alarm.unit, alarm.measure)}</span></span>
        </p>
        <label>Your name<input name="by" required maxLength={64} autocomplete="name" value={name} autoFocus={name === ''} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label>Note <span class="hint">what you saw or did; may stay empty</span><textarea name="note" rows={3} maxLength={1000} value={note} autoFocus={name !== ''} onInput={(event) => setNote(event.currentTarget.value)} /></label>
        <p class="form-error" role="alert">{error}</p>
        <div class="buttons">
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={busy || name.trim() === ''}>{busy ? 'Asking the gateway' : 'Acknowledge'}</button>
        </div>
      </form>
    </dialog>
  );
}
