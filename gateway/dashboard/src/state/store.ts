// The one place that holds what the screen knows. Messages are folded in at once; the screen is told once per frame.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import { desk } from '../api/desk';
import type { Incident } from '../api/desk-types';
import type { Alarm, Cell } from '../api/types';
import { alarmKey, announcement, compareAlarms, isActive, isAside, severityRank } from '../logic/alarms';
import type { Instant } from '../logic/staleness';
import { abuseEvents } from './abuse-events';
import { retryDelayMilliseconds } from './backoff';
import { emptyState, missingFrom, reduce, type Action, type DashboardState } from './reducer';
import { GatewayStream } from './stream';

export const instantNow = (): Instant => ({ monotonicMilliseconds: performance.now(), wallMilliseconds: Date.now() });

const later = (at: Instant, milliseconds: number): Instant => ({
  monotonicMilliseconds: at.monotonicMilliseconds + milliseconds,
  wallMilliseconds: at.wallMilliseconds + milliseconds,
});

type Listener = () => void;

/** Wait between two readings of the whole alarm list. */
const refreshMilliseconds = 2000;

class Store {
  private current: DashboardState = emptyState;
  private readonly listeners = new Set<Listener>();
  private frame = 0;
  private refreshing = false;
  private refreshAgain = false;
  /** Readings in a row that have failed, of each list, and the wait before the next. */
  private readonly failed = { alarms: 0, incidents: 0 };
  private readonly waits: { alarms?: ReturnType<typeof setTimeout>; incidents?: ReturnType<typeof setTimeout> } = {};
  private announced: Alarm[] = [];
  private alarmsLoaded = false;
  /** True after a connect until the alarms were read again: the gateway may be another run than before. */
  private anew = false;
  private stream: GatewayStream | null = null;
  private incidentsWanted = false;
  /** Told while the list was being read: newer than the list. */
  private incidentsTold: Incident[] | null = null;
  private readonly watchers = new Set<Listener>();

  /** Called with one sentence for the live region, and whether it is urgent. */
  onAnnounce: (sentence: string, urgent: boolean) => void = () => {};

  /** Called when the gateway begins to tell its events, which it does only to who is signed in. */
  onHello: () => void = () => {};

  get state(): DashboardState {
    return this.current;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls at once with every message and not once per frame: a hidden tab gets no frames. */
  watch(watcher: Listener): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Reads the open incidents, now and whenever the stream begins anew; asked for by the pages that show them. */
  wantIncidents(): void {
    if (!this.incidentsWanted) {
      this.incidentsWanted = true;
      void this.refreshIncidents();
    }
  }

  start(): void {
    this.stream = new GatewayStream('/api/v1/stream', {
      hello: (hello) => {
        this.apply({ kind: 'hello', hello, at: instantNow() });
        this.anew = true;
        abuseEvents.hello(hello.serverTime);
        this.onHello();
        void this.refreshAlarms();
      },
      cells: (cells, all) => {
        this.takeCells(cells, all);
        if (all) {
          void this.refreshIncidents();
        }
      },
      // In order, and also believed where an acknowledgement is taken back because it could not be recorded.
      alarm: (alarm) => this.takeAlarm(alarm, true),
      incident: (incident) => this.takeIncident(incident),
      abuse: (event) => abuseEvents.take(event),
      alive: () => this.apply({ kind: 'alive', at: instantNow() }),
      lost: (attempt, wait) => {
        const at = instantNow();
        this.apply({ kind: 'lost', attempt, retryAt: wait === null ? null : later(at, wait), at });
      },
    });
    void this.stream.run();
    window.addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => this.flush());
  }

  retryNow(): void {
    this.stream?.retryNow();
  }

  /** Takes an alarm the gateway has answered with; one it has sent is believed even where it seems older. */
  takeAlarm(alarm: Alarm, anew = false): void {
    this.noteRaised([alarm]);
    this.apply({ kind: 'alarms', alarms: [alarm], all: false, anew });
  }

  /** Takes an incident the gateway has answered with, or sent. */
  takeIncident(incident: Incident): void {
    this.incidentsTold?.push(incident);
    this.apply({ kind: 'incidents', incidents: [incident], all: false });
  }

  private async refreshIncidents(): Promise<void> {
    if (!this.incidentsWanted || this.current.link.kind !== 'live') {
      return;
    }
    const told: Incident[] = [];
    this.incidentsTold = told;
    try {
      this.apply({ kind: 'incidents', incidents: [...(await desk.incidents()), ...told], all: true });
      this.noteRead('incidents');
    } catch {
      if (this.incidentsTold === told) {
        this.noteFailed('incidents', () => void this.refreshIncidents());
      }
    }
    if (this.incidentsTold === told) {
      this.incidentsTold = null;
    }
  }

  private takeCells(cells: readonly Cell[], all: boolean): void {
    if (missingFrom(this.current, cells)) {
      void this.refreshAlarms();
    }
    this.noteRaised(cells.flatMap((cell) => cell.alarms ?? []));
    this.apply({ kind: 'cells', cells, all, at: instantNow() });
  }

  private async refreshAlarms(): Promise<void> {
    if (this.refreshing) {
      this.refreshAgain = true;
      return;
    }
    this.refreshing = true;
    try {
      const anew = this.anew;
      const alarms = await api.alarms();
      this.noteRaised(alarms);
      this.apply({ kind: 'alarms', alarms, all: true, anew });
      this.anew = false;
      this.alarmsLoaded = true;
      this.noteRead('alarms');
    } catch {
      this.noteFailed('alarms', () => void this.refreshAlarms());
    } finally {
      this.refreshing = false;
      if (this.refreshAgain) {
        this.refreshAgain = false;
        setTimeout(() => void this.refreshAlarms(), refreshMilliseconds);
      }
    }
  }

  private noteRead(list: 'alarms' | 'incidents'): void {
    clearTimeout(this.waits[list]);
    this.failed[list] = 0;
    this.apply({ kind: 'listRead', list, isOld: false });
  }

  /** A live link tells of no failed reading, and may stay for days: only another try mends the list. */
  private noteFailed(list: 'alarms' | 'incidents', again: () => void): void {
    this.failed[list] += 1;
    this.apply({ kind: 'listRead', list, isOld: true });
    clearTimeout(this.waits[list]);
    const wait = retryDelayMilliseconds(this.failed[list], Math.random());
    const tryAgain = (): void => {
      // A link that is taken up where it broke brings no whole list: the wait goes on until it is there again.
      if (this.current.link.kind === 'live') {
        again();
      } else {
        this.waits[list] = setTimeout(tryAgain, wait);
      }
    };
    this.waits[list] = setTimeout(tryAgain, wait);
  }

  private noteRaised(alarms: readonly Alarm[]): void {
    if (!this.alarmsLoaded) {
      return;
    }
    for (const alarm of alarms) {
      const before = this.current.alarms.get(alarmKey(alarm));
      const again =
        before !== undefined && isActive(before) && before.raisedAt === alarm.raisedAt && severityRank[alarm.severity] <= severityRank[before.severity];
      if (alarm.state === 'unacknowledged' && !isAside(alarm) && !again && !this.announced.some((other) => alarmKey(other) === alarmKey(alarm))) {
        this.announced.push(alarm);
      }
    }
  }

  private apply(action: Action): void {
    const next = reduce(this.current, action);
    if (next === this.current) {
      return;
    }
    this.current = next;
    for (const watcher of [...this.watchers]) {
      watcher();
    }
    if (this.frame === 0) {
      // A hidden tab gets no frames; its title must still tell of alarms.
      this.frame = document.hidden ? window.setTimeout(this.publish, 500) : requestAnimationFrame(this.publish);
    }
  }

  /** A frame asked for while the tab was shown never comes once it is hidden. */
  private flush(): void {
    if (this.frame !== 0) {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.frame);
      this.publish();
    }
  }

  private readonly publish = (): void => {
    this.frame = 0;
    if (this.announced.length > 0) {
      const raised = this.announced.sort(compareAlarms);
      this.announced = [];
      const urgent = raised.some((alarm) => alarm.severity === 'emergency' || alarm.severity === 'critical');
      this.onAnnounce(announcement(raised), urgent);
    }
    for (const listener of [...this.listeners]) {
      listener();
    }
  };
}

export const store = new Store();

/** A part of the state; the component renders again only when that part is another object. */
export function useStore<T>(select: (state: DashboardState) => T): T {
  const [, force] = useState(0);
  const selected = select(store.state);
  useEffect(() => {
    let last = selected;
    const check = (): void => {
      const next = select(store.state);
      if (!Object.is(next, last)) {
        last = next;
        force((n) => n + 1);
      }
    };
    check();
    return store.subscribe(check);
  });
  return selected;
}
