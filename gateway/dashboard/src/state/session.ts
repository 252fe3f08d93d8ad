// Who is signed in and what they may do. Without a session the login page is shown, and afterwards the page that was asked for.
import { useEffect, useState } from 'preact/hooks';
import { change, onSignedOut, request, setCsrf } from '../api/client';
import type { Role, Session } from '../api/types';
import { parseRoute } from './route';

const nobody: Session = { person: null, role: null, open: false, needsSetup: false, csrf: null };
const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** True where the session's role is the one asked for, or a greater one. */
export const may = (session: Session, role: Role): boolean => session.role !== null && ranks[session.role] >= ranks[role];

/** Where to go after signing in: a page of this dashboard, never another address. */
export function pageAfterLogin(back: string | null): string {
  return back !== null && /^#\/(?!login)[A-Za-z0-9._~%/?=&,:+*-]*$/.test(back) ? back : '#/';
}

/** A session that the gateway ended by itself: it expired, or an administrator changed the account. */
export interface EndedSession {
  readonly person: string | null;
}

export interface SessionView extends Session {
  /** Null where somebody is signed in, and where they signed out themselves. */
  readonly ended: EndedSession | null;
  /** False until the gateway has said who is signed in. */
  readonly known: boolean;
  /** What the role may not do is hidden or disabled; the gateway refuses it in any case. */
  may(role: Role): boolean;
}

class SessionStore {
  private current: Session = nobody;
  private known = false;
  private ended: EndedSession | null = null;
  private isLeaving = false;
  private readonly listeners = new Set<() => void>();
  /** Called when somebody has signed in, so that what was refused is asked for again. */
  onSignedIn: () => void = () => {};

  get view(): SessionView {
    const session = this.current;
    return { ...session, known: this.known, ended: this.ended, may: (role) => may(session, role) };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    onSignedOut(() => void this.refresh());
    // Whoever steps back in the browser's history is still signed out.
    window.addEventListener('hashchange', () => this.isOut && showLogin());
    void this.refresh();
  }

  /** Asks the gateway who is signed in; nothing changes while it cannot be reached. */
  async refresh(): Promise<void> {
    try {
      this.take(await request<Session>('/api/v1/session'));
    } catch {
      // The lost connection is shown already, and the stream's next connect asks again.
    }
  }

  /** The gateway tells its events again: another tab of this browser has signed in. */
  streamBegan(): void {
    if (this.isOut) {
      void this.refresh();
    }
  }

  /** @throws ApiError with the gateway's sentence where the name or the password is wrong, or it is too soon to try again. */
  async signIn(user: string, password: string): Promise<void> {
    this.take(await change<Session>('POST', '/api/v1/session', { user, password }));
  }

  /** Makes the first administrator and signs them in. */
  async setUp(token: string, user: string, password: string): Promise<void> {
    this.take(await change<Session>('POST', '/api/v1/setup', { token, user, password }));
  }

  /** Other sessions of the same person end. */
  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    this.take(await change<Session>('PUT', '/api/v1/session/password', { currentPassword, newPassword }));
  }

  /** The page begins anew, so that nothing of what it knew is left, nor goes on sounding. */
  async signOut(): Promise<void> {
    this.isLeaving = true;
    try {
      await change('DELETE', '/api/v1/session');
    } catch (cause) {
      this.isLeaving = false;
      throw cause;
    }
    location.hash = '#/login';
    location.reload();
  }

  private get isOut(): boolean {
    return this.known && this.current.role === null;
  }

  private take(told: Session): void {
    const before = this.current;
    const wasOut = this.isOut;
    const session: Session = told.open ? { ...told, role: 'admin' } : told;
    this.current = session;
    this.known = true;
    setCsrf(session.csrf);
    if (session.role !== null || this.isLeaving) {
      this.ended = null;
    } else if (before.role !== null) {
      this.ended = { person: before.person };
    }
    if (wasOut && session.role !== null) {
      leaveLogin();
    }
    for (const listener of [...this.listeners]) {
      listener();
    }
    if (session.role === null) {
      showLogin();
    } else if (before.role === null || before.person !== session.person) {
      this.onSignedIn();
    }
  }
}

/** Where to sign in, and afterwards go on with the page of an address's hash. */
export const loginHash = (here: string): string =>
  here.startsWith('#/login') ? here : here === '' || here === '#/' ? '#/login' : `#/login?back=${encodeURIComponent(here)}`;

function showLogin(): void {
  if (!location.hash.startsWith('#/login')) {
    // In the place of the page: a step back must not lead to one that cannot be shown.
    location.replace(loginHash(location.hash));
  }
}

function leaveLogin(): void {
  if (location.hash.startsWith('#/login')) {
    location.hash = pageAfterLogin(parseRoute(location.hash).query.get('back'));
  }
}

export const session = new SessionStore();

export function useSession(): SessionView {
  const [view, setView] = useState(() => session.view);
  useEffect(() => {
    const changed = (): void => setView(session.view);
    changed();
    return session.subscribe(changed);
  }, []);
  return view;
}
