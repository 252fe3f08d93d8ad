// Notifications of the browser, one for each incident; a click brings the page and the alarm to the front.
import type { Notice } from '../logic/alerting';
import { alarmHref } from './route';

export type Permission = 'on' | 'off' | 'denied' | 'unsupported';

/** Handles kept so that a notification can be taken back; the oldest are let go. */
const shownMax = 50;

export class Notifier {
  private readonly shown = new Map<string, Notification>();
  /** Set when the browser knows notifications but lets no page make them, as on some phones. */
  private refused = false;

  constructor(private wanted: boolean) {}

  get permission(): Permission {
    if (!('Notification' in window) || this.refused) {
      return 'unsupported';
    }
    return Notification.permission === 'denied' ? 'denied' : this.wanted && Notification.permission === 'granted' ? 'on' : 'off';
  }

  /** Asks the person through the browser; only after a click. */
  async want(wanted: boolean): Promise<void> {
    this.wanted = wanted;
    if (wanted && 'Notification' in window && Notification.permission === 'default') {
      await Notification.requestPermission();
    }
    if (!wanted) {
      for (const tag of [...this.shown.keys()]) {
        this.withdraw(tag);
      }
    }
  }

  show(notice: Notice): void {
    if (this.permission !== 'on') {
      return;
    }
    try {
      // `renotify` is not in the type library: it calls again where a notification takes another's place.
      const options: NotificationOptions & { renotify: boolean } = { body: notice.body, tag: notice.tag, requireInteraction: notice.stays, renotify: true };
      const notification = new Notification(notice.title, options);
      notification.onclick = () => {
        window.focus();
        location.hash = notice.alarm ? alarmHref(notice.alarm) : '#/alarms';
        notification.close();
      };
      this.shown.delete(notice.tag);
      this.shown.set(notice.tag, notification);
      const oldest = this.shown.keys().next().value;
      if (this.shown.size > shownMax && oldest !== undefined) {
        this.shown.delete(oldest);
      }
    } catch {
      this.refused = true;
    }
  }

  withdraw(tag: string): void {
    this.shown.get(tag)?.close();
    this.shown.delete(tag);
  }
}
