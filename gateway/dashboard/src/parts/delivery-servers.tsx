// What all routes share: the mail server, the watchdog, and the bounds.
import type { JSX } from 'preact';
import type { DeliverySettings, DeliveryStatus, HeartbeatSettings, MailServer } from '../api/delivery-types';
import { span } from '../logic/time';
import { clock, useNow } from '../state/clock';
import { Choice, NumberField, SecretField, TextField } from './delivery-fields';

const securityWords = { starttls: 'STARTTLS, usually port 587', tls: 'TLS from the start, usually port 465', none: 'None, this machine only' } as const;

interface Props {
  readonly settings: DeliverySettings;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (change: Partial<DeliverySettings>) => void;
}

export function MailServerEditor({ settings, problems, onChange }: Props): JSX.Element {
  const smtp = settings.smtp;
  const set = (change: Partial<MailServer>): void => onChange({ smtp: smtp ? { ...smtp, ...change } : null });
  const begin = (): void => onChange({ smtp: { host: '', port: 587, security: 'starttls', user: null, from: '', password: 'unset' } });
  return (
    <section class="panel" aria-labelledby="mail-server">
      <h3 id="mail-server">Mail server</h3>
      <label class="check"><input type="checkbox" checked={smtp !== null} onChange={(event) => (event.currentTarget.checked ? begin() : onChange({ smtp: null }))} /> Send mail</label>
      {smtp ? (
        <div class="fields">
          <TextField label="Server" value={smtp.host} problem={problems.get('smtp.host')} onChange={(host) => set({ host })} />
          <NumberField label="Port" value={smtp.port} least={1} most={65535} onChange={(port) => set({ port })} />
          <Choice label="Encryption" value={smtp.security} options={['starttls', 'tls', 'none'] as const} words={securityWords} onChange={(security) => set({ security })} />
          <TextField label="From address" type="email" value={smtp.from} problem={problems.get('smtp.from')} onChange={(from) => set({ from })} />
          <TextField label="User" value={smtp.user ?? ''} hint="Empty where the server asks for none" onChange={(user) => set({ user: user === '' ? null : user })} />
          <SecretField label="Password" value={smtp.password} stored={smtp.password === 'set'} problem={problems.get('smtp.password')} onChange={(password) => set({ password })} />
        </div>
      ) : null}
    </section>
  );
}

export function HeartbeatEditor({ settings, problems, onChange }: Props): JSX.Element {
  const heartbeat = settings.heartbeat;
  const set = (change: Partial<HeartbeatSettings>): void => onChange({ heartbeat: heartbeat ? { ...heartbeat, ...change } : null });
  return (
    <section class="panel" aria-labelledby="heartbeat-title">
      <h3 id="heartbeat-title">Heartbeat</h3>
      <p class="hint">A dead gateway cannot raise an alarm. A watchdog elsewhere, such as healthchecks.io, hears from it while it is well and raises one when it falls silent.</p>
      <label class="check"><input type="checkbox" checked={heartbeat !== null} onChange={(event) => onChange({ heartbeat: event.currentTarget.checked ? { everySeconds: 60, tellFailure: false, host: null, url: 'unset' } : null })} /> Tell a watchdog</label>
      {heartbeat ? (
        <div class="fields">
          <SecretField label="Address of the watchdog" visible value={heartbeat.url} stored={heartbeat.host !== null} problem={problems.get('heartbeat.url')} hint={heartbeat.host ? `Leads to ${heartbeat.host}; the rest is not shown.` : 'Begins with https://'} onChange={(url) => set({ url })} />
          <NumberField label="Every, seconds" value={heartbeat.everySeconds} least={5} most={3600} onChange={(everySeconds) => set({ everySeconds })} />
          <label class="check"><input type="checkbox" checked={heartbeat.tellFailure} onChange={(event) => set({ tellFailure: event.currentTarget.checked })} /> Say at once what is wrong, at /fail below the address</label>
        </div>
      ) : null}
    </section>
  );
}

export function BoundsEditor({ settings, onChange }: Omit<Props, 'problems'>): JSX.Element {
  return (
    <section class="panel" aria-labelledby="bounds-title">
      <h3 id="bounds-title">In general</h3>
      <div class="fields">
        <NumberField label="Messages in ten minutes" value={settings.mostPerTenMinutes} least={1} most={100} hint="For each route; the rest comes as one digest, emergencies at once" onChange={(mostPerTenMinutes) => onChange({ mostPerTenMinutes })} />
        <NumberField label="Alarm about a dead route after, minutes" value={settings.alarmAfterMinutes} least={1} most={1440} onChange={(alarmAfterMinutes) => onChange({ alarmAfterMinutes })} />
        <TextField label="Address of this dashboard" value={settings.link ?? ''} hint="For links in messages; empty leaves them out" maxLength={1000} onChange={(link) => onChange({ link: link === '' ? null : link })} />
      </div>
    </section>
  );
}

export function HeartbeatState({ heartbeat }: { readonly heartbeat: DeliveryStatus['heartbeat'] }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  if (heartbeat === null) {
    return <p class="heartbeat-state">Heartbeat: <b>none set</b>. Nobody would notice a dead gateway.</p>;
  }
  if (heartbeat.problem !== null) {
    return <p class="heartbeat-state is-bad">✕ Heartbeat withheld: {heartbeat.problem}</p>;
  }
  if (heartbeat.error !== null) {
    return <p class="heartbeat-state is-bad">✕ Heartbeat: {heartbeat.error}</p>;
  }
  return (
    <p class="heartbeat-state">
      {heartbeat.lastSuccessAt === null ? 'Heartbeat: not taken yet' : <>✓ Heartbeat taken by {heartbeat.host} <b title={clock.full(heartbeat.lastSuccessAt)}>{span(now - heartbeat.lastSuccessAt)} ago</b>, every {heartbeat.everySeconds} s</>}
    </p>
  );
}
