// One session of an abuse test as this screen follows it: the stream's word at once, the record right after it, samples four times a
// second, images. Everything asked for has one request under way at most, and everything kept is bounded.
import { ApiError } from '../api/client';
import { abuseApi } from '../api/abuse';
import type { AbuseEvent, AbuseImage, AbuseRecord } from '../api/abuse-types';
import { isWatched, standingOf, type Standing } from '../logic/abuse';
import { Pulse, TraceBuffer } from '../logic/abuse-live';
import { abuseEvents } from './abuse-events';
import { showRed } from './abuse-red';

/** Between two questions, milliseconds. */
const traceMilliseconds = 220;
const calmTraceMilliseconds = 450;
const recordMilliseconds = 1000;
const calmRecordMilliseconds = 10_000;
const imageMilliseconds = 1000;
/** While no image has ever come, there may be no camera. */
const noImageMilliseconds = 4000;
/** Points asked for of the part of a test that is there already, and of each later piece. */
const firstPoints = 6000;
const pointsEach = 2000;
const imagesEach = 40;
const imagesAtEnd = 400;

/** What changed: the record and the standing, the samples, the images. */
export type Part = 'record' | 'trace' | 'image';

export class AbuseFeed {
  record: AbuseRecord | null = null;
  /** Why the record could not be had; null while it could. */
  problem: string | null = null;
  /** True where the gateway does not know the session. */
  isMissing = false;
  image: AbuseImage | null = null;
  readonly buffer = new TraceBuffer();
  readonly pulse = new Pulse();

  private event: AbuseEvent | null = null;
  private isOn = false;
  private isAsking = false;
  private asksAgain = false;
  private recordTimer = 0;
  private readonly timers = new Map<Part, number>();
  private readonly listeners: Readonly<Record<Part, Set<() => void>>> = { record: new Set(), trace: new Set(), image: new Set() };
  private unlisten: () => void = () => {};
  private controller = new AbortController();

  constructor(readonly id: string) {}

  get standing(): Standing | null {
    return standingOf(this.record, this.event);
  }

  subscribe(part: Part, listener: () => void): () => void {
    this.listeners[part].add(listener);
    return () => this.listeners[part].delete(listener);
  }

  start(): void {
    this.isOn = true;
    this.isAsking = false;
    this.controller = new AbortController();
    this.unlisten = abuseEvents.listen((event) => this.take(event), () => this.connected());
    void this.ask();
    void this.followTrace();
    void this.followImages();
  }

  stop(): void {
    this.isOn = false;
    this.unlisten();
    this.controller.abort();
    clearTimeout(this.recordTimer);
    this.timers.forEach((timer) => clearTimeout(timer));
    showRed(this.id, false);
  }

  /** Takes what the gateway answered to a change, and asks for the record as it is now. */
  refresh(): Promise<void> {
    return this.ask();
  }

  private take(event: AbuseEvent): void {
    if (event.id !== this.id) {
      return;
    }
    // A message that overtook another must not take back what a newer one said.
    if (this.event === null || event.revision >= this.event.revision) {
      this.event = event;
    }
    this.tell('record');
    void this.ask();
  }

  /** Another run of the gateway counts its revisions anew. */
  private connected(): void {
    this.event = this.event && { ...this.event, revision: -1 };
    void this.ask();
  }

  private tell(part: Part): void {
    if (part === 'record') {
      showRed(this.id, this.standing?.isRed ?? false);
    }
    for (const listener of [...this.listeners[part]]) {
      listener();
    }
  }

  private async ask(): Promise<void> {
    if (this.isAsking) {
      this.asksAgain = true;
      return;
    }
    this.isAsking = true;
    clearTimeout(this.recordTimer);
    do {
      this.asksAgain = false;
      // Only what was told before the question is sure to be in the answer.
      const known = this.event;
      try {
        const record = await abuseApi.record(this.id, this.controller.signal);
        if (!this.isOn) {
          return;
        }
        this.record = record;
        this.problem = null;
        this.isMissing = false;
        this.event = this.event === known ? null : this.event;
      } catch (cause) {
        if (!this.isOn) {
          return;
        }
        this.problem = cause instanceof Error ? cause.message : String(cause);
        this.isMissing = cause instanceof ApiError && cause.status === 404;
      }
      this.tell('record');
    } while (this.asksAgain && this.isOn);
    this.isAsking = false;
    const state = this.standing?.state;
    const isCalm = state !== undefined && !isWatched(state) && state !== 'preparing';
    if (this.isOn) {
      this.recordTimer = window.setTimeout(() => void this.ask(), isCalm ? calmRecordMilliseconds : recordMilliseconds);
    }
  }

  /** Once it is over, its samples are asked for once more and then no longer. */
  private get isOver(): boolean {
    const state = this.record?.state;
    return state === 'ended' || state === 'signed' || state === 'cancelled';
  }

  private async followTrace(): Promise<void> {
    const began = performance.now();
    let wait = calmTraceMilliseconds;
    try {
      const isFirst = this.buffer.lastAt === -Infinity;
      const wasOver = this.isOver;
      const answer = await abuseApi.trace(this.id, isFirst ? 0 : this.buffer.lastAt, isFirst ? firstPoints : pointsEach, this.controller.signal);
      if (this.buffer.take(answer)) {
        this.pulse.advance(this.buffer.lastAt, performance.now() / 1000, abuseEvents.gatewaySeconds);
      }
      this.tell('trace');
      if (wasOver) {
        return;
      }
      wait = this.standing && isWatched(this.standing.state) ? traceMilliseconds : calmTraceMilliseconds;
    } catch {
      // That nothing comes is seen by the figures, which grow stale by themselves.
    }
    this.again('trace', Math.max(20, wait - (performance.now() - began)), () => void this.followTrace());
  }

  private async followImages(): Promise<void> {
    let wait = noImageMilliseconds;
    try {
      const wasOver = this.isOver;
      const since = wasOver ? (this.record?.triggeredAt ?? 0) - 5 : this.image?.at ?? abuseEvents.gatewaySeconds - 30;
      const images = await abuseApi.images(this.id, since, wasOver ? imagesAtEnd : imagesEach, this.controller.signal);
      const shown = wasOver ? hottest(images) : images[images.length - 1];
      if (shown) {
        this.image = shown;
        this.tell('image');
      }
      if (wasOver) {
        return;
      }
      wait = this.image ? imageMilliseconds : noImageMilliseconds;
    } catch {
      // The map tells its own age.
    }
    this.again('image', wait, () => void this.followImages());
  }

  private again(part: Part, milliseconds: number, run: () => void): void {
    if (this.isOn) {
      this.timers.set(part, window.setTimeout(run, milliseconds));
    }
  }
}

const warmest = (image: AbuseImage): number => image.temperaturesC.reduce((most, value) => Math.max(most, value), -Infinity);

const hottest = (images: readonly AbuseImage[]): AbuseImage | undefined =>
  images.reduce<AbuseImage | undefined>((most, image) => (most === undefined || warmest(image) > warmest(most) ? image : most), undefined);
