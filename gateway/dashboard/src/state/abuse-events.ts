// What the stream says of abuse tests, told at once and not once per frame: the red screen must not wait.
import type { AbuseEvent } from '../api/abuse-types';

type Listener = (event: AbuseEvent) => void;

class AbuseEvents {
  private readonly listeners = new Set<Listener>();
  private readonly connects = new Set<() => void>();
  private offsetSeconds = 0;

  /** The gateway's clock less this screen's, seconds, as of the last connect. */
  get clockOffsetSeconds(): number {
    return this.offsetSeconds;
  }

  /** Now by the gateway's clock, Unix seconds. */
  get gatewaySeconds(): number {
    return Date.now() / 1000 + this.offsetSeconds;
  }

  hello(serverTime: number): void {
    this.offsetSeconds = Number.isFinite(serverTime) ? serverTime - Date.now() / 1000 : 0;
    for (const listener of [...this.connects]) {
      listener();
    }
  }

  take(event: AbuseEvent): void {
    for (const listener of [...this.listeners]) {
      listener(event);
    }
  }

  /** `onConnect` is called when the stream begins anew: what happened meanwhile has to be asked for. */
  listen(listener: Listener, onConnect: () => void): () => void {
    this.listeners.add(listener);
    this.connects.add(onConnect);
    return () => {
      this.listeners.delete(listener);
      this.connects.delete(onConnect);
    };
  }
}

export const abuseEvents = new AbuseEvents();
