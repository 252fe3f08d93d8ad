import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AbuseEvent, CriterionState } from '../src/api/abuse-types';
import { abuseEvents } from '../src/state/abuse-events';
import { AbuseFeed } from '../src/state/abuse-feed';

/** What the page stands on: an element with attributes, and a gateway whose answers wait until the test lets them go. */
const root = { dataset: {} as Record<string, string> };
let waiting: ((state: CriterionState) => void)[] = [];

const record = (state: CriterionState): object => ({
  id: 'a', state: 'observing', triggeredAt: 5, plan: { criteria: [{ id: 'hot', measure: 'temperature', isFailure: true }], observation: {} },
  figures: { trigger: null, criteria: [{ id: 'hot', title: 'hot', state, isFailure: true, isRequired: false }] },
});

const event = (change: Partial<AbuseEvent>): AbuseEvent => ({ id: 'a', cell: 'c', node: 'n', channel: '1', state: 'observing', triggeredAt: 5, worst: 'not-met', revision: 1, ...change });

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
};

describe('a session as the screen follows it', () => {
  let feed: AbuseFeed;

  beforeEach(async () => {
    waiting = [];
    root.dataset = {};
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('document', { documentElement: root, dispatchEvent: () => true, hidden: false });
    vi.stubGlobal('requestAnimationFrame', () => 0); // nothing here is ever painted
    vi.stubGlobal('fetch', (path: string) => (/\/(trace|images)\?/.test(path)
      ? new Promise(() => {})
      : new Promise((resolve) => waiting.push((state) => resolve({ ok: true, status: 200, json: async () => record(state) })))));
    feed = new AbuseFeed('a');
    feed.start();
    await settle();
  });

  afterEach(() => {
    feed.stop();
    vi.unstubAllGlobals();
  });

  it('is red in the call in which the message comes, and marks it once', () => {
    performance.clearMarks('abuse-red');
    abuseEvents.take(event({ worst: 'met' }));
    expect(root.dataset['abuseRed']).toBe('a');
    expect(Number(root.dataset['abuseRedAt'])).toBeGreaterThan(0);
    abuseEvents.take(event({ worst: 'met', revision: 2 }));
    expect(performance.getEntriesByName('abuse-red')).toHaveLength(1);
  });

  it('keeps to the message until a record that was asked for after it is there', async () => {
    abuseEvents.take(event({ worst: 'met' }));
    // Asked for before the message: it may not know of it yet.
    waiting.shift()?.('not-met');
    await settle();
    expect(root.dataset['abuseRed']).toBe('a');
    expect(waiting).toHaveLength(1);
    waiting.shift()?.('not-met');
    await settle();
    expect(root.dataset['abuseRed']).toBeUndefined();
  });

  it('lets no message that was overtaken take back a newer one, but believes another run of the gateway', () => {
    abuseEvents.take(event({ worst: 'met', revision: 9 }));
    abuseEvents.take(event({ worst: 'near', revision: 8 }));
    expect(feed.standing?.isRed).toBe(true);
    abuseEvents.hello(Date.now() / 1000);
    abuseEvents.take(event({ state: 'ended', worst: 'met', revision: 1 }));
    expect(feed.standing?.state).toBe('ended');
  });

  it('asks for the record once however many messages come, and for nobody else’s', async () => {
    abuseEvents.take(event({ id: 'b', worst: 'met' }));
    expect(root.dataset['abuseRed']).toBeUndefined();
    for (let revision = 1; revision < 50; revision += 1) {
      abuseEvents.take(event({ revision }));
    }
    expect(waiting).toHaveLength(1);
    waiting.shift()?.('near');
    await settle();
    expect(waiting).toHaveLength(1);
  });

  it('leaves no red behind when it is left', () => {
    abuseEvents.take(event({ worst: 'met' }));
    feed.stop();
    expect(root.dataset['abuseRed']).toBeUndefined();
    abuseEvents.take(event({ worst: 'met', revision: 3 }));
    expect(root.dataset['abuseRed']).toBeUndefined();
  });
});
