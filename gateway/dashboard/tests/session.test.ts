import { describe, expect, it } from 'vitest';
import type { Session } from '../src/api/types';
import { loginHash, may, pageAfterLogin } from '../src/state/session';

const as = (role: Session['role']): Session => ({ person: 'ada', role, open: false, needsSetup: false, csrf: null });

describe('what a role may do', () => {
  it('includes what those before it may', () => {
    expect(['viewer', 'operator', 'admin'].map((role) => may(as('operator'), role as 'viewer'))).toEqual([true, true, false]);
    expect(['viewer', 'operator', 'admin'].map((role) => may(as('viewer'), role as 'viewer'))).toEqual([true, false, false]);
    expect(may(as('admin'), 'admin')).toBe(true);
    expect(may(as(null), 'viewer')).toBe(false);
  });
});

describe('the page after signing in', () => {
  it('is the one that was asked for', () => {
    expect(pageAfterLogin('#/cell/dne-pouch%201')).toBe('#/cell/dne-pouch%201');
    expect(pageAfterLogin('#/alarms?state=open&cell=a')).toBe('#/alarms?state=open&cell=a');
    expect(pageAfterLogin(null)).toBe('#/');
  });

  it('is the page that was left, whatever stands in its address', () => {
    for (const here of ['#/compare?cells=a,b&by=profile', '#/?kiosk&every=60', '#/alarms/a%2Fvoltage-limit', '#/cell/x?test=2026-01-01T00:00:00Z']) {
      const query = new URLSearchParams(loginHash(here).split('?', 2)[1]);
      expect(pageAfterLogin(query.get('back'))).toBe(here);
    }
    expect(loginHash('#/')).toBe('#/login');
    expect(loginHash('#/login?back=x')).toBe('#/login?back=x');
  });

  it('is never another address', () => {
    for (const back of ['https://elsewhere.example', '//elsewhere.example', 'javascript:alert(1)', '#//elsewhere.example"', '#/<script>', '#/login?back=x', '/#/alarms']) {
      expect(pageAfterLogin(back)).toMatch(/^#\/([^<"]*)$/);
    }
    expect(pageAfterLogin('#/login?back=x')).toBe('#/');
  });
});
