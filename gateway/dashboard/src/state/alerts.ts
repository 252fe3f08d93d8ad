// Calls for somebody who is not looking: sound, notification, the title of the tab. Driven by each message of the stream and
// by a worker's seconds, so that it also works while the page is hidden.
import { useEffect, useState } from 'preact/hooks';
import type { Alarm, Priority } from '../api/types';
import { ownerWords, ruleWords } from '../logic/alarms';
import { freshMemory, raisingOf, step, type Mute, type Sound } from '../logic/alerting';
import { priorities } from '../logic/priorities';
import { Tones } from '../sound/tones';
import { Notifier, type Permission } from './notifier';
import { isKiosk } from './kiosk';
import { parseRoute } from './route';
import { session } from './session';
import { recall, remember } from './settings';
import { instantNow, store } from './store';

export interface AlertState {
  readonly sound: boolean;
  /** The browser waits for a click before it lets this page sound. */
  readonly blocked: boolean;
  readonly notify: Permission;
  /** The least that sounds and notifies. */
  readonly from: Priority;
  /** 0 to 1. */
  readonly volume: number;
  /** Unix seconds; null while nothing is muted. */
  readonly mutedUntil: number | null;
  readonly emergencies: readonly Alarm[];
  readonly lost: boolean;
}

class Alerts {
  private current: AlertState = {
    // A wall screen that nobody touches sounds without being asked, where the browser was started so that it may.
    sound: recall('sound') === 'on' || (recall('sound') !== 'off' && isKiosk(parseRoute(location.hash))),
    blocked: false,
    notify: 'off',
    from: priorities.find((priority) => priority === recall('soundFrom')) ?? 'low',
    volume: Number(recall('volume') ?? 0.7),
    mutedUntil: null,
    emergencies: [],
    lost: false,
  };

  private readonly notifier = new Notifier(recall('notify') === 'on');
  private readonly listeners = new Set<() => void>();
  private readonly began = instantNow();
  private memory = freshMemory;
  private mute: Mute | null = null;
  private tones: Tones | null = null;
  private ticker: Worker | null = null;
  private steppedAt = -Infinity;
  private steppedFor: unknown = null;
  private steppedKnown = false;
  private plainTitle: string | null = null;

  get state(): AlertState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.set({ notify: this.notifier.permission });
    if (this.current.sound) {
      this.openTones();
    }
    for (const gesture of ['pointerdown', 'keydown'] as const) {
      window.addEventListener(gesture, () => this.current.blocked && void this.tones?.allow(), { capture: true, passive: true });
    }
    store.watch(() => this.advance());
    this.tick();
  }

  /** The worker's seconds, once something depends on them. */
  private tick(): void {
    if (this.ticker === null && (this.current.sound || this.current.notify === 'on')) {
      this.ticker = new Worker(new URL('../sound/ticker.ts', import.meta.url), { type: 'module' });
      this.ticker.onmessage = () => this.advance();
    }
  }

  setSound(on: boolean): void {
    remember('sound', on ? 'on' : 'off');
    this.set({ sound: on, blocked: false });
    this.tick();
    if (on) {
      this.openTones();
      void this.tones?.allow().then(() => this.tones?.play('low', this.current.volume));
    } else {
      this.tones?.close();
      this.tones = null;
    }
  }

  async setNotify(on: boolean): Promise<void> {
    await this.notifier.want(on);
    remember('notify', on && this.notifier.permission === 'on' ? 'on' : null);
    this.set({ notify: this.notifier.permission });
    this.tick();
  }

  setFrom(from: Priority): void {
    remember('soundFrom', from);
    this.set({ from });
  }

  setVolume(volume: number): void {
    remember('volume', String(volume));
    this.set({ volume });
  }

  /** Silences what sounds now. An emergency that comes later sounds all the same. */
  muteFor(minutes: number): void {
    const until = Date.now() / 1000 + minutes * 60;
    this.mute = { until, of: new Set(this.current.emergencies.map(raisingOf)) };
    this.set({ mutedUntil: until });
  }

  unmute(): void {
    this.mute = null;
    this.set({ mutedUntil: null });
  }

  test(sound: Sound): void {
    this.openTones();
    void this.tones?.allow().then(() => this.tones?.play(sound, this.current.volume));
  }

  allow(): void {
    void this.tones?.allow();
  }

  private openTones(): void {
    this.tones ??= new Tones(() => this.set({ blocked: this.current.sound && this.tones !== null && !this.tones.isAllowed }));
    this.set({ blocked: this.current.sound && !this.tones.isAllowed });
  }

  /**
   * At once when the alarms changed or have become known, else once a second: what is raised in the moment after the first list is news.
   */
  private advance(): void {
    const { alarms, alarmsKnown, lastHeard } = store.state;
    const at = instantNow();
    if (alarms === this.steppedFor && alarmsKnown === this.steppedKnown && at.monotonicMilliseconds - this.steppedAt < 900) {
      return;
    }
    this.steppedFor = alarms;
    this.steppedKnown = alarmsKnown;
    this.steppedAt = at.monotonicMilliseconds;
    const now = at.wallMilliseconds / 1000;
    if (this.mute && now >= this.mute.until) {
      this.unmute();
    }
    // Nothing is lost for somebody who has not signed in and has heard nothing yet.
    const isNobody = lastHeard === null && session.view.known && session.view.role === null;
    const silentSeconds = isNobody ? null : (at.monotonicMilliseconds - (lastHeard ?? this.began).monotonicMilliseconds) / 1000;
    const next = step(this.memory, { now, alarms: alarms.values(), known: alarmsKnown, silentSeconds, from: this.current.from, mute: this.mute });
    this.memory = next.memory;
    for (const tag of next.withdrawn) {
      this.notifier.withdraw(tag);
    }
    for (const notice of next.notices) {
      this.notifier.show(notice);
    }
    if (this.current.sound) {
      for (const sound of next.sounds) {
        this.tones?.play(sound, this.current.volume);
      }
    }
    this.set({ emergencies: same(next.emergencies, this.current.emergencies) ? this.current.emergencies : next.emergencies, lost: next.lost, notify: this.notifier.permission });
    this.flash(next.emergencies[0]);
  }

  /** The title of a hidden tab changes each second while an emergency waits. */
  private flash(emergency: Alarm | undefined): void {
    const called = emergency ? `\u26a0 EMERGENCY ${ownerWords(emergency.cell)}: ${ruleWords(emergency.rule)}` : null;
    if (called === null || !document.hidden) {
      if (this.plainTitle !== null) {
        document.title = document.title.startsWith('\u26a0') ? this.plainTitle : document.title;
        this.plainTitle = null;
      }
      return;
    }
    if (!document.title.startsWith('\u26a0')) {
      this.plainTitle = document.title;
      document.title = called;
    } else {
      document.title = this.plainTitle ?? called;
    }
  }

  private set(change: Partial<AlertState>): void {
    const names = Object.keys(change) as (keyof AlertState)[];
    if (names.every((name) => Object.is(change[name], this.current[name]))) {
      return;
    }
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}

const same = (a: readonly Alarm[], b: readonly Alarm[]): boolean => a.length === b.length && a.every((alarm, i) => alarm === b[i]);

export const alerts = new Alerts();

export function useAlerts(): AlertState {
  const [state, setState] = useState(alerts.state);
  useEffect(() => {
    setState(alerts.state);
    return alerts.subscribe(() => setState(alerts.state));
  }, []);
  return state;
}
