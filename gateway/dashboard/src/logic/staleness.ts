// How old a reading is, and from when on it must not look fresh.

/** Below this age a reading counts as current, seconds. */
export const agingAfterSeconds = 10;
/** From this age on a reading counts as stale, seconds. */
export const staleAfterSeconds = 60;

export type Freshness = 'fresh' | 'aging' | 'stale' | 'silent' | 'none';

/**
 * A moment on both clocks of the browser. The monotonic one stands still while a computer sleeps, and the wall clock can
 * be set back; the larger of the two differences is taken, so that a reading may look too old but never too young.
 */
export interface Instant {
  readonly monotonicMilliseconds: number;
  readonly wallMilliseconds: number;
}

export const secondsBetween = (from: Instant, to: Instant): number =>
  Math.max(0, to.monotonicMilliseconds - from.monotonicMilliseconds, to.wallMilliseconds - from.wallMilliseconds) / 1000;

/** Age now of a sample that was `ageSeconds` old when its message arrived; null where no sample ever came. */
export const ageAt = (ageSeconds: number | null, arrived: Instant, now: Instant): number | null =>
  ageSeconds === null ? null : Math.max(0, ageSeconds) + secondsBetween(arrived, now);

/** How a reading of this age is to look. The gateway's word that a channel is silent outranks the age. */
export function freshness(ageSeconds: number | null, silent: boolean): Freshness {
  if (ageSeconds === null) {
    return 'none';
  }
  if (silent) {
    return 'silent';
  }
  if (ageSeconds > staleAfterSeconds) {
    return 'stale';
  }
  return ageSeconds > agingAfterSeconds ? 'aging' : 'fresh';
}
