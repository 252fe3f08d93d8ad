// Times of the wall clock and spans of time, in words. The zone is always named beside a time.

const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

/** Formats Unix seconds in one time zone. Made once per zone, since building a formatter is slow. */
export class ZoneClock {
  /** Zone as people write it, such as "CET" or "GMT+5:30". */
  readonly zoneName: string;
  private readonly time: Intl.DateTimeFormat;
  private readonly date: Intl.DateTimeFormat;

  constructor(readonly zone: string | undefined, now: Date) {
    const named = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', timeZoneName: 'short' });
    this.zoneName = named.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? zone ?? 'local time';
    this.time = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone });
    this.date = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  }

  /** "03:12:45" */
  timeOfDay(unixSeconds: number): string {
    return this.time.format(unixSeconds * 1000);
  }

  /** "2025-11-21" */
  day(unixSeconds: number): string {
    return this.date.format(unixSeconds * 1000);
  }

  /** "03:12:45" today, "2025-11-20 23:59:10" on another day. */
  moment(unixSeconds: number, nowUnixSeconds: number): string {
    const day = this.day(unixSeconds);
    const time = this.timeOfDay(unixSeconds);
    return day === this.day(nowUnixSeconds) ? time : `${day} ${time}`;
  }

  /** Always with the date and the zone, for titles and exports. */
  full(unixSeconds: number): string {
    return `${this.day(unixSeconds)} ${this.timeOfDay(unixSeconds)} ${this.zoneName}`;
  }
}

/** "4 s", "3 min 20 s", "2 h 05 min", "3 d 4 h": two units at most, whole numbers, never negative. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  }
  if (whole < 86_400) {
    return `${Math.floor(whole / 3600)} h ${pad(Math.floor(whole / 60) % 60)} min`;
  }
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3600) % 24} h`;
}

const pad = (value: number): string => String(value).padStart(2, '0');
