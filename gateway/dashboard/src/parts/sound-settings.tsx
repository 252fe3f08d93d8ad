// How this screen calls: sound and notifications, from which priority, how loud; what each sound means can be heard.
import type { JSX } from 'preact';
import type { Priority } from '../api/types';
import type { Sound } from '../logic/alerting';
import { priorities, priorityMeaning, priorityWords } from '../logic/priorities';
import { alerts, useAlerts } from '../state/alerts';
import type { Permission } from '../state/notifier';

const tests: readonly (readonly [Sound, string])[] = [...priorities.map((priority) => [priority, priorityWords[priority]] as const), ['lost', 'Connection lost']];

const notifyWords: Readonly<Record<Permission, string>> = {
  on: 'Notifications are on: one for each incident, also while this tab is in the background.',
  off: 'Notifications are off.',
  denied: 'The browser refuses notifications of this page; its site settings allow them again.',
  unsupported: 'This browser lets no page make notifications; the sound is left.',
};

export function SoundSettings(): JSX.Element {
  const { sound, blocked, notify, from, volume, mutedUntil } = useAlerts();
  const summary = !sound ? 'Sound off' : blocked ? 'Sound off until you click' : mutedUntil !== null ? 'Sound muted' : 'Sound on';
  return (
    <details class="sound-settings">
      <summary>{summary}{notify === 'on' ? ', notifications on' : ''}</summary>
      <div class="panel">
        <p class="row"><button type="button" class={sound ? '' : 'primary'} aria-pressed={sound} onClick={() => alerts.setSound(!sound)}>{sound ? 'Turn sound off' : 'Turn sound on'}</button><span class="hint">An emergency sounds until somebody acknowledges it, or it is muted. A lost connection has its own sound.</span></p>
        <p class="row"><button type="button" class={notify === 'on' ? '' : 'primary'} aria-pressed={notify === 'on'} disabled={notify === 'denied' || notify === 'unsupported'} onClick={() => void alerts.setNotify(notify !== 'on')}>{notify === 'on' ? 'Turn notifications off' : 'Turn notifications on'}</button><span class="hint">{notifyWords[notify]}</span></p>
        <p class="row">
          <label class="pick">From priority <select value={from} onChange={(event) => alerts.setFrom(event.currentTarget.value as Priority)}>{[...priorities].reverse().map((priority) => <option key={priority} value={priority}>{priorityWords[priority]}: {priorityMeaning[priority]}</option>)}</select></label>
          <label class="pick">Volume <input type="range" min={0.1} max={1} step={0.1} value={volume} onInput={(event) => alerts.setVolume(Number(event.currentTarget.value))} /></label>
        </p>
        <div class="row" role="group" aria-label="Hear the sounds"><span class="hint">Test</span>{tests.map(([of, words]) => <button key={of} type="button" onClick={() => alerts.test(of)}>{words}</button>)}</div>
        {sound ? <div class="row" role="group" aria-label="Mute"><span class="hint">Mute</span>{mutedUntil === null ? [5, 15, 60].map((minutes) => <button key={minutes} type="button" onClick={() => alerts.muteFor(minutes)}>{minutes} min</button>) : <button type="button" onClick={() => alerts.unmute()}>Unmute</button>}</div> : null}
      </div>
    </details>
  );
}
