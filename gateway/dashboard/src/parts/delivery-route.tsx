// One way to one person: what kind, where to, and the button that tries it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { deliveryApi } from '../api/delivery';
import type { DeliveryRoute, RouteState, TestOutcome } from '../api/delivery-types';
import { templates } from '../api/delivery-types';
import { templateWords } from '../logic/delivery';
import { span } from '../logic/time';
import { clock, useNow } from '../state/clock';
import { Choice, Field, SecretField, TextField } from './delivery-fields';

const kindWords = { webhook: 'Webhook or chat', mail: 'Mail' } as const;

const urlHints: Partial<Record<string, string>> = {
  ntfy: 'The server, such as https://ntfy.sh',
  matrix: 'The home server, such as https://matrix.org',
  slack: 'The incoming webhook that Slack gave you',
  teams: 'The address of the Teams workflow',
};

interface Props {
  readonly route: DeliveryRoute;
  readonly at: string;
  /** Key as saved; null where it must be saved before it can be tried. */
  readonly savedKey: string | null;
  readonly state: RouteState | undefined;
  readonly by: string | null;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (route: DeliveryRoute) => void;
  readonly onRemove: () => void;
  readonly onTested: () => void;
}

export function RouteEditor({ route, at, savedKey, state, by, problems, onChange, onRemove, onTested }: Props): JSX.Element {
  const set = (change: Partial<DeliveryRoute>): void => onChange({ ...route, ...change });
  const problem = (field: string): string | undefined => problems.get(`${at}.${field}`);
  const stored = route.was !== null && route.host !== null;
  const template = route.template ?? 'json';
  return (
    <fieldset class="route">
      <legend>Route <b>{route.name || 'without a name'}</b></legend>
      <div class="fields">
        <TextField label="Name of the route" value={route.name} maxLength={64} problem={problem('name')} onChange={(name) => set({ name })} />
        <Choice label="Kind" value={route.kind} options={['webhook', 'mail'] as const} words={kindWords} onChange={(kind) => set({ kind, template: kind === 'webhook' ? template : null })} />
        {route.kind === 'mail' ? (
          <TextField label="Mail address" type="email" value={route.address ?? ''} problem={problem('address')} onChange={(address) => set({ address })} />
        ) : (
          <>
            <Choice label="For" value={template} options={templates} words={templateWords} onChange={(next) => set({ template: next })} />
            <SecretField label="Address" visible value={route.url} stored={stored} problem={problem('url')} hint={stored ? `Leads to ${route.host}; the rest is not shown.` : urlHints[template] ?? 'Begins with https://'} onChange={(url) => set({ url })} />
            {template === 'ntfy' ? <TextField label="Topic" value={route.topic ?? ''} maxLength={64} problem={problem('topic')} hint="Hard to guess: who knows it can read along." onChange={(topic) => set({ topic })} /> : null}
            {template === 'matrix' ? <TextField label="Room id" value={route.room ?? ''} problem={problem('room')} onChange={(room) => set({ room })} /> : null}
            <SecretField label="Bearer token" value={route.token} stored={route.token === 'set'} problem={problem('token')} hint={template === 'matrix' ? 'Of the account that writes' : 'Where the receiver asks for one'} onChange={(token) => set({ token })} />
            {template === 'json' || template === 'custom' ? <SecretField label="Key to sign with" value={route.secret} stored={route.secret === 'set'} problem={problem('secret')} hint="16 characters or more; the receiver checks it" onChange={(secret) => set({ secret })} /> : null}
            {template === 'custom' ? (
              <Field label="JSON" hint={'Placeholders inside strings: {{title}} {{text}} {{priority}} {{kind}} {{bench}} {{time}} {{link}} {{key}} {{incident}} {{mayBeRepeat}}'} problem={problem('body')}>
                {(attributes) => <textarea {...attributes} rows={4} maxLength={4000} spellcheck={false} value={route.body ?? ''} onInput={(event) => set({ body: event.currentTarget.value })} />}
              </Field>
            ) : null}
          </>
        )}
      </div>
      <div class="route-foot">
        <TestButton route={route} savedKey={savedKey} by={by} onTested={onTested} />
        {state ? <RouteStateWords state={state} /> : null}
        <button type="button" class="plain" onClick={onRemove} aria-label={`Remove the route ${route.name}`}>Remove</button>
      </div>
    </fieldset>
  );
}

function TestButton({ route, savedKey, by, onTested }: { readonly route: DeliveryRoute; readonly savedKey: string | null; readonly by: string | null; readonly onTested: () => void }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<TestOutcome | string | null>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome(await deliveryApi.test(savedKey ?? '', by));
    } catch (cause) {
      setOutcome(cause instanceof Error ? cause.message : String(cause));
    }
    setBusy(false);
    onTested();
  };
  const isGood = typeof outcome === 'object' && outcome?.state === 'sent';
  const needsName = by !== null && by.trim() === '';
  return (
    <span class="test">
      <button type="button" disabled={busy || savedKey === null || needsName} onClick={() => void run()} aria-label={`Send a test by the route ${route.name}`}>{busy ? 'Sending …' : 'Send a test'}</button>
      <span role="status" class={outcome === null ? '' : isGood ? 'is-good' : 'is-bad'}>
        {outcome === null ? (savedKey === null ? 'Save first, then try it.' : needsName ? 'Give your name below first.' : '')
          : typeof outcome === 'string' ? `✕ ${outcome}`
          : outcome.state === 'sent' ? `✓ Taken by the receiver in ${outcome.seconds.toFixed(1)} s`
          : `✕ Not sent: ${outcome.error ?? 'no reason given'}`}
      </span>
    </span>
  );
}

export function RouteStateWords({ state }: { readonly state: RouteState }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  if (state.failingSince !== null) {
    return <span class="route-state is-bad">✕ Failing for {span(now - state.failingSince)}, {state.waiting} waiting{state.error ? `: ${state.error}` : ''}</span>;
  }
  const parts = [
    state.waiting > 0 ? `${state.waiting} being sent` : '',
    state.held > 0 ? `${state.held} held back` : '',
    state.lastSentAt !== null ? `last sent ${clock.moment(state.lastSentAt, now)}` : '',
  ].filter(Boolean);
  return <span class="route-state">{parts.length > 0 ? parts.join(', ') : 'nothing sent since the start'}</span>;
}
