import { describe, expect, it } from 'vitest';
import type { DeliveryLine, DeliverySettings } from '../src/api/delivery-types';
import { freeName, isSafeUrl, lineDetail, newPerson, newRoute, problemsOf, whenWords } from '../src/logic/delivery';

const settings = (change: Partial<DeliverySettings>): DeliverySettings => ({
  version: 1, people: [], smtp: null, heartbeat: null, link: null, alarmAfterMinutes: 15, mostPerTenMinutes: 10, ...change,
});

describe('problemsOf', () => {
  it('finds nothing wrong with nothing, and with a whole route', () => {
    expect(problemsOf(settings({})).size).toBe(0);
    const person = { ...newPerson('Ada'), routes: [{ ...newRoute('phone'), url: 'set', topic: 'lab' }] };
    expect([...problemsOf(settings({ people: [person] }))]).toEqual([]);
  });

  it('names the field that lacks something', () => {
    const person = { ...newPerson('Ada'), routes: [newRoute('phone'), { ...newRoute('Phone'), kind: 'mail' as const, address: 'a@b' }] };
    const problems = problemsOf(settings({ people: [person] }));
    expect([...problems.keys()].sort()).toEqual([
      'people.0.routes.0.name', 'people.0.routes.0.topic', 'people.0.routes.0.url', 'people.0.routes.1.address', 'people.0.routes.1.name']);
  });

  it('wants a password with a user, and an address for the watchdog', () => {
    const smtp = { host: 'mail', port: 587, security: 'starttls' as const, user: 'ada', from: 'a@b', password: 'unset' };
    const heartbeat = { everySeconds: 60, tellFailure: false, host: null, url: null };
    expect([...problemsOf(settings({ smtp, heartbeat })).keys()]).toEqual(['smtp.password', 'heartbeat.url']);
  });
});

describe('addresses', () => {
  it.each([['https://a.example/x', true], ['http://127.0.0.1:9/x', true], ['http://a.example', false], ['ftp://a', false], ['a', false]])('%s is safe: %s', (url, safe) => {
    expect(isSafeUrl(url)).toBe(safe);
  });
});

it('says when a person is told, and that emergencies always get through', () => {
  const person = { ...newPerson('Ada'), fromEscalation: 1, benches: ['b1'], quietHours: { from: '22:00', to: '07:00', zone: 'UTC', days: null } };
  expect(whenWords(person)).toBe('from medium priority on, once escalated once, of b1, not from 22:00 to 07:00; emergencies always');
});

it('gives a name that is not taken', () => {
  expect(freeName('phone', ['Phone', 'phone 2'])).toBe('phone 3');
});

it('tells attempts, repeats and reasons of a line', () => {
  const line = { attempts: 3, mayBeRepeat: true, reason: null, error: 'answered 502' } as DeliveryLine;
  expect(lineDetail(line)).toBe('3 attempts; said that it may be a repeat; answered 502');
});
