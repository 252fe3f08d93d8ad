// The siren of this screen: sounds while it is red, until a person mutes it; who did that is shown and written into the log.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import { isWatched, redCriteria } from '../logic/abuse';
import { Siren } from '../sound/siren';
import { clock } from '../state/clock';
import { useShortcuts } from '../state/shortcuts';
import { useDesk, type SessionProps } from './context';

interface Mute {
  readonly person: string;
  /** Unix seconds. */
  readonly at: number;
  /** The criteria that were met then: another one sounds again. */
  readonly of: string;
}

export function SirenBox({ record, standing }: SessionProps): JSX.Element {
  const { feed, by, person, mayAct } = useDesk();
  const siren = useRef<Siren | null>(null);
  const [isAllowed, setAllowed] = useState(() => navigator.userActivation?.hasBeenActive ?? false);
  const [mute, setMute] = useState<Mute | null>(null);
  const met = redCriteria(record).map((criterion) => criterion.id).sort().join(' ');
  // Which criterion it is may be told after that there is one.
  const isMuted = mute !== null && (mute.of === met || mute.of === '' || met === '');
  const sounds = standing.isRed && !isMuted;

  useEffect(() => {
    const made = new Siren(() => setAllowed(made.isAllowed));
    siren.current = made;
    const gesture = (): void => void (made.isAllowed || made.allow());
    for (const kind of ['pointerdown', 'keydown'] as const) {
      window.addEventListener(kind, gesture, { capture: true, passive: true });
    }
    return () => {
      for (const kind of ['pointerdown', 'keydown'] as const) {
        window.removeEventListener(kind, gesture, true);
      }
      made.close();
      siren.current = null;
    };
  }, []);
  const watched = isWatched(standing.state);
  useEffect(() => {
    if (watched) {
      siren.current?.prepare();
    }
  }, [watched]);
  useEffect(() => {
    if (sounds) {
      siren.current?.start();
    } else {
      siren.current?.stop();
    }
  }, [sounds]);
  useEffect(() => {
    if (!standing.isRed) {
      setMute(null);
    } else if (mute !== null && mute.of === '' && met !== '') {
      setMute({ ...mute, of: met });
    }
  }, [standing.isRed, met]);

  const silence = (): void => {
    const who = person.name || 'somebody at this screen';
    setMute({ person: who, at: Date.now() / 1000, of: met });
    if (mayAct) {
      void abuseApi.note(feed.id, 'Siren muted at one screen.', false, by === '' ? null : by).catch(() => {});
    }
  };
  useShortcuts(sounds ? [{ keys: 'm', words: 'Mute the siren', group: 'This test', run: silence }] : []);

  return (
    <div title={isAllowed ? undefined : 'The browser lets no page sound before somebody has used it.'} class={`siren ${sounds ? 'is-sounding' : ''}`} data-siren={sounds ? (isAllowed ? 'sounding' : 'blocked') : isMuted && standing.isRed ? 'muted' : 'quiet'}>
      {!isAllowed ? <p role={sounds ? 'alert' : 'status'}><b>The siren is off until you click.</b> <button type="button" onClick={() => void siren.current?.allow()}>Enable sound</button></p>
        : sounds ? <p><b>Siren sounds</b> <button type="button" onClick={silence}>Mute <kbd>m</kbd></button></p>
        : standing.isRed && mute ? <p role="status"><b>Siren muted</b> by {mute.person}, {clock.timeOfDay(mute.at)}; a new criterion sounds <button type="button" onClick={() => setMute(null)}>Unmute</button></p>
        : <p>Siren ready <button type="button" class="plain" onClick={() => siren.current?.test()}>Test it</button></p>}
    </div>
  );
}
