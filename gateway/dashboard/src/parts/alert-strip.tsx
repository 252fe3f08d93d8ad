// What must be seen of the sound on every page: that it calls, that it is muted and how long, that the browser keeps it off.
import type { JSX } from 'preact';
import { ownerWords, ruleWords } from '../logic/alarms';
import { everywhere } from '../logic/shortcuts';
import { span } from '../logic/time';
import { alerts, useAlerts } from '../state/alerts';
import { useNow } from '../state/clock';
import { alarmHref } from '../state/route';
import { useShortcuts } from '../state/shortcuts';
import { SeverityIcon } from './icons';

/** Minutes of the mute button on the strip. */
const muteMinutes = 5;

export function AlertStrip({ isKiosk }: { readonly isKiosk: boolean }): JSX.Element | null {
  const { sound, blocked, mutedUntil, emergencies } = useAlerts();
  const toggle = (): void => (alerts.state.mutedUntil === null ? alerts.muteFor(muteMinutes) : alerts.unmute());
  useShortcuts(sound ? [{ keys: 'm', words: `Mute the sound for ${muteMinutes} min, or unmute it`, group: everywhere, run: toggle }] : []);
  const worst = emergencies[0];
  if (!sound || (!blocked && mutedUntil === null && !worst)) {
    return null;
  }
  return (
    <section class={`alert-strip ${worst ? 'sev-emergency' : ''}`} aria-label="Sound">
      {worst ? <a class="call" href={alarmHref(worst)}><SeverityIcon severity="emergency" size={20} /><b>{ownerWords(worst.cell)}: {ruleWords(worst.rule)}</b>{emergencies.length > 1 ? ` and ${emergencies.length - 1} more` : ''}</a> : null}
      {blocked ? (
        <span class="blocked" role="alert"><b>Sound is off until you click.</b> {isKiosk ? 'Start the browser with --autoplay-policy=no-user-gesture-required.' : 'The browser asks for it.'}<button type="button" onClick={() => alerts.allow()}>Turn it on</button></span>
      ) : mutedUntil !== null ? (
        <span class="muted"><Muted until={mutedUntil} /><button type="button" onClick={() => alerts.unmute()}>Unmute</button></span>
      ) : (
        <span class="sounding">Sounds until acknowledged<button type="button" onClick={() => alerts.muteFor(muteMinutes)}>Mute {muteMinutes} min</button></span>
      )}
    </section>
  );
}

function Muted({ until }: { readonly until: number }): JSX.Element {
  const left = until - useNow().wallMilliseconds / 1000;
  return <span><b>Muted</b> for <span class="countdown">{span(left)}</span>; a new emergency sounds all the same</span>;
}
