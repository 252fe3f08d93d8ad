// The emergency stop. One deliberate gesture: keep it pressed for 0.6 s, by finger, mouse, Space, Enter, or Escape from anywhere on the
// screen. A brush of a sleeve does nothing, and there is no dialog to find while a cell vents. Who cannot hold presses twice.
// Whether the node has really done it stands beside it.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import { stopWords } from '../logic/abuse';
import { rememberedName } from '../state/person';
import { clock } from '../state/clock';
import { useShortcuts } from '../state/shortcuts';
import { useDesk, useNewest } from './context';

/** How long it has to be held, and how soon a second press counts instead, milliseconds. */
const holdMilliseconds = 600;
const secondPressMilliseconds = 4000;
/** Two presses within this are one that trembled. */
const trembleMilliseconds = 250;

type Sending = { readonly kind: 'idle' } | { readonly kind: 'sending' } | { readonly kind: 'failed'; readonly reason: string };

export function EmergencyStop(): JSX.Element {
  const { feed, by } = useDesk();
  const [isHeld, setHeld] = useState(false);
  const [isHalf, setHalf] = useState(false);
  const [sending, setSending] = useState<Sending>({ kind: 'idle' });
  const timer = useRef(0);
  const pressedAt = useRef(-Infinity);
  const halfTimer = useRef(0);

  const send = async (): Promise<void> => {
    clearTimeout(timer.current);
    clearTimeout(halfTimer.current);
    setHeld(false);
    setHalf(false);
    pressedAt.current = -Infinity;
    setSending({ kind: 'sending' });
    try {
      // Nobody is asked for a name first.
      await abuseApi.act(feed.id, 'stop', by === '' ? rememberedName() || 'screen' : by);
      setSending({ kind: 'idle' });
    } catch (cause) {
      setSending({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) });
    }
    void feed.refresh();
  };
  const press = (): void => {
    if (timer.current !== 0) {
      return;
    }
    const now = performance.now();
    const since = now - pressedAt.current;
    if (since > trembleMilliseconds && since < secondPressMilliseconds) {
      void send();
      return;
    }
    pressedAt.current = now;
    setHeld(true);
    // Once more round the loop: where the page was busy meanwhile, a release that waits to be told comes first.
    timer.current = window.setTimeout(() => {
      timer.current = window.setTimeout(() => {
        timer.current = 0;
        void send();
      });
    }, holdMilliseconds);
  };
  const release = (): void => {
    if (timer.current === 0) {
      return;
    }
    clearTimeout(timer.current);
    timer.current = 0;
    setHeld(false);
    setHalf(true);
    clearTimeout(halfTimer.current);
    halfTimer.current = window.setTimeout(() => setHalf(false), secondPressMilliseconds);
  };
  const cancel = (): void => {
    release();
    setHalf(false);
    pressedAt.current = -Infinity;
  };
  const now = useNewest({ press, cancel });
  // For the list of keys only: what it does is below.
  useShortcuts([{ keys: 'hold Esc', words: 'Emergency stop, 0.6 s', group: 'This test', run: () => {} }]);

  // Escape from anywhere, also while somebody types: a short press of it keeps its usual meaning and counts for nothing here.
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.repeat) {
        now.current.cancel();
        now.current.press();
      }
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        now.current.cancel();
      }
    };
    const away = (): void => now.current.cancel();
    window.addEventListener('keydown', down, true);
    window.addEventListener('keyup', up, true);
    window.addEventListener('blur', away);
    return () => {
      window.removeEventListener('keydown', down, true);
      window.removeEventListener('keyup', up, true);
      window.removeEventListener('blur', away);
      clearTimeout(timer.current);
      clearTimeout(halfTimer.current);
    };
  }, []);

  const key = (event: KeyboardEvent): void => {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (!event.repeat) {
        press();
      }
    }
  };
  return (
    <div class="stop-box">
    <StopFailure sending={sending} />
    <button type="button" class={`stop ${isHeld ? 'is-held' : ''}`} aria-describedby="stop-hint"
      onPointerDown={(event) => event.button === 0 && press()} onPointerLeave={() => timer.current !== 0 && cancel()} onPointerUp={release} onPointerCancel={cancel}
      onKeyDown={key} onKeyUp={(event) => { if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); release(); } }} onBlur={cancel}
      onClick={(event) => { if (event.detail === 0 && timer.current === 0 && performance.now() - pressedAt.current > trembleMilliseconds) { press(); release(); } }}
      onContextMenu={(event) => event.preventDefault()}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z" /></svg>
      <span class="stop-words"><b>EMERGENCY STOP</b><span id="stop-hint">{sending.kind === 'sending' ? 'sending …' : isHeld ? 'keep pressing …' : isHalf ? 'hold it, or press once more' : <>hold 0.6 s, or hold <kbd>Esc</kbd></>}</span></span>
    </button>
    </div>
  );
}

function StopFailure({ sending }: { readonly sending: Sending }): JSX.Element | null {
  return sending.kind === 'failed' ? <span class="stop-failed" role="alert"><b>Not sent.</b> {sending.reason} Cut the supply by hand.</span> : null;
}

/** What became of the order, on every screen of this session. */
export function StopState(): JSX.Element | null {
  const { feed } = useDesk();
  const stop = feed.record?.stop ?? null;
  const said = stopWords(stop);
  if (!said || !stop) {
    return null;
  }
  return (
    <p class={`stop-state is-${said.tone}`} role={said.tone === 'bad' ? 'alert' : 'status'} data-stop={stop.state}>
      <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><path d={said.tone === 'good' ? 'M3 8.6l3.3 3.4L13 4.6' : said.tone === 'bad' ? 'M3 3l10 10M13 3L3 13' : 'M8 2v6l4 3'} /></svg>
      <b>{said.word}</b> <span>{said.detail} · {stop.person}, {clock.timeOfDay(stop.at)} {clock.zoneName}</span>
    </p>
  );
}
