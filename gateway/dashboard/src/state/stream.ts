// The connection to the gateway's event stream: reads, watches for silence, reconnects with back-off.
import { signedOut } from '../api/client';
import type { AbuseEvent } from '../api/abuse-types';
import type { Incident } from '../api/desk-types';
import type { Alarm, Cell, Hello } from '../api/types';
import { retryDelayMilliseconds } from './backoff';
import { EventStreamParser, type StreamEvent } from './sse';

/** The gateway sends at least a comment every 5 s; without any byte for this long the connection counts as broken. */
const silenceMilliseconds = 12_000;
const connectMilliseconds = 10_000;

export interface StreamListener {
  hello(hello: Hello): void;
  /** `all` is true for the first list after a connect, which holds every channel. */
  cells(cells: readonly Cell[], all: boolean): void;
  alarm(alarm: Alarm): void;
  incident(incident: Incident): void;
  /** An abuse test moved: its screen must not wait for anything. */
  abuse?(event: AbuseEvent): void;
  /** Something came, if only a comment. */
  alive(): void;
  /** `waitMilliseconds` is the wait before the next attempt, null while one is under way. */
  lost(attempt: number, waitMilliseconds: number | null): void;
}

export class GatewayStream {
  private stopped = false;
  private attempt = 0;
  private lastId: string | null = null;
  private current: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly path: string, private readonly listener: StreamListener) {}

  /** Runs until {@link stop}. */
  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.readOnce();
      } catch {
        // Whatever broke it, the answer is the same: show it, wait, try again.
      }
      if (this.stopped) {
        return;
      }
      this.attempt += 1;
      const wait = retryDelayMilliseconds(this.attempt, Math.random());
      this.listener.lost(this.attempt, wait);
      await this.pause(wait);
      this.listener.lost(this.attempt, null);
    }
  }

  /** Tries again at once when waiting. */
  retryNow(): void {
    this.wake?.();
  }

  stop(): void {
    this.stopped = true;
    this.current?.abort();
    this.wake?.();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async readOnce(): Promise<void> {
    const controller = new AbortController();
    this.current = controller;
    let watchdog = setTimeout(() => controller.abort(), connectMilliseconds);
    const fed = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => controller.abort(), silenceMilliseconds);
    };
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastId !== null) {
        headers['Last-Event-ID'] = this.lastId;
      }
      const response = await fetch(this.path, { headers, cache: 'no-store', signal: controller.signal });
      if (response.status === 401) {
        signedOut();
      }
      if (!response.ok || !response.body) {
        throw new Error(`stream answered ${response.status}`);
      }
      let first = true;
      const parser = new EventStreamParser((event) => {
        first = this.dispatch(event, first);
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      fed();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }
        fed();
        this.listener.alive();
        parser.push(value);
      }
    } finally {
      clearTimeout(watchdog);
      controller.abort();
    }
  }

  /** Returns whether the complete list of channels is still to come. */
  private dispatch(event: StreamEvent, first: boolean): boolean {
    this.lastId = event.id ?? this.lastId;
    switch (event.event) {
      case 'hello': {
        this.attempt = 0;
        const hello = JSON.parse(event.data) as Hello;
        this.listener.hello(hello);
        return hello.resumed !== true;
      }
      case 'gap':
        // Too slow for what has happened: begins anew, with all alarms and incidents read again.
        throw new Error('gap');
      case 'cells':
        this.attempt = 0;
        this.listener.cells(JSON.parse(event.data) as Cell[], first);
        return false;
      case 'alarm':
        this.listener.alarm(JSON.parse(event.data) as Alarm);
        return first;
      case 'incident':
        this.listener.incident(JSON.parse(event.data) as Incident);
        return first;
      case 'abuse':
        this.listener.abuse?.(JSON.parse(event.data) as AbuseEvent);
        return first;
      default:
        return first;
    }
  }
}
