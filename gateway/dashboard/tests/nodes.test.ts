import { describe, expect, it } from 'vitest';
import type { NodeHealth, NodeStatus } from '../src/api/nodes-types';
import { bytes, clockOf, clockWords, compareNodes, troublesOf } from '../src/logic/nodes';
import { cell } from './fixtures';

const health = (change: Partial<NodeHealth> = {}): NodeHealth => ({ restartCause: null, safeMode: false, busErrors: {}, ...change });

const node = (change: Partial<NodeStatus> = {}): NodeStatus => ({
  node: 'n-1', state: 'online', boot: 'a', bootSeen: 1, bootCount: 1, firmware: '1', uptimeSeconds: 5, firstSeen: 1, lastSeen: 2, channels: { 1: 'a' }, trips: {}, calibrations: {}, health: health(), ...change,
});

const clock = { offsetSeconds: -0.2, isKnown: true };

const words = (of: NodeStatus, at = clock): string[] => troublesOf(of, at).map((trouble) => trouble.words);

describe('troubles of a node', () => {
  it('finds none in a healthy one, nor in one that tells nothing', () => {
    expect(words(node())).toEqual([]);
    expect(words(node({ health: null, trips: null }))).toEqual([]);
  });

  it('names a trip with value and limit, before everything else', () => {
    const list = words(node({ trips: { 2: { cause: 'over-voltage', kind: 'cycling', value: 4.43, limit: 4.4, unit: 'V' } }, health: health({ droppedSamples: 3, safeMode: true }) }));
    expect(list[0]).toBe('Channel 2 tripped: over voltage, 4.43 against 4.40 V');
    expect(list).toContain('3 samples lost, its store was full');
  });

  it('tells an absent node from one that has not been heard', () => {
    expect(words(node({ state: 'offline' }))).toEqual(['Sends nothing: not connected']);
    expect(words(node({ state: 'unknown' }))).toEqual(['Not heard since the gateway started']);
  });

  it('tells backlog, weak signal and failed transfers', () => {
    expect(words(node({ health: health({ behindMs: 61_000, backlogFrames: 9, signalDbm: -85, busErrors: { 1: 2, 2: 1 } }) }))).toEqual([
      'Behind by 1 min 01 s, 9 frames wait', '3 failed transfers to sensors', 'Weak signal, −85 dBm',
    ]);
  });

  it('puts the worst node first', () => {
    const list = [node({ node: 'n-10' }), node({ node: 'n-2' }), node({ node: 'n-3', state: 'unknown' }), node({ node: 'n-4', state: 'offline' })];
    expect(list.map((each) => ({ name: each.node, troubles: troublesOf(each, clock) })).sort(compareNodes).map((each) => each.name)).toEqual(['n-4', 'n-3', 'n-2', 'n-10']);
  });
});

describe('clock of a node', () => {
  it('is what its quickest live sample shows', () => {
    const cells = [cell('a', { node: 'n-1', time: 100, receivedAt: 100.9 }), cell('b', { node: 'n-1', time: 100, receivedAt: 100.3 }), cell('c', { node: 'n-1', time: 900, receivedAt: 100, live: false }), cell('d', { node: 'n-2', time: 500, receivedAt: 100 })];
    const of = clockOf('n-1', cells);
    expect(of.offsetSeconds).toBeCloseTo(-0.3, 9);
    expect(clockWords(of)).toBe('0.3 s behind');
  });

  it('is not known without a live sample, and estimated where the node does not know the time', () => {
    expect(clockWords(clockOf('n-9', []))).toBe('–');
    const of = clockOf('n-1', [cell('a', { node: 'n-1', time: 105, receivedAt: 100, clockKnown: false })]);
    expect(clockWords(of)).toBe('5.0 s ahead, estimated');
    expect(words(node(), { offsetSeconds: 5, isKnown: false })).toEqual(['Does not know the time: the times of its samples are estimates']);
    expect(words(node(), { offsetSeconds: 5, isKnown: true })).toEqual(['Its clock is 5 s ahead of the gateway’s']);
  });
});

describe('bytes', () => {
  it('are decimal', () => {
    expect([0, 999, 1000, 41_200_000_000, null].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '41.2 GB', '–']);
  });
});
