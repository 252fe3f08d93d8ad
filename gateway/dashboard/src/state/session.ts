// Who is signed in and what they may do. Without a session the login page is shown, and afterwards the page that was asked for.
import { useEffect, useState } from 'preact/hooks';
import { change, onSignedOut, request, setCsrf } from '../api/client';
import type { Role, Session } from '../api/types';

const nobody: Session = { person: null, role: null, open: false, needsSetup: false, csrf: null };
const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** True where the session's role is the one asked for, or a greater one. */
export const may = (session: Session, role: Role): boolean => session.role !== null && ranks[session.role] >= ranks[role];

/** Where to go after signing in: a page of this dashboard, never another address. */
export function pageAfterLogin(back: string | null): string {
  return back !== null && /^#\/(?!login)[A-Za-z0-9._~%/?=&-]*$/.test(back) ? back : '#/';
}

export interface SessionView extends Session {
  /** False until the gateway has said who is signed in. */
  readonly known: boolean;
  /** What the role may not do is hidden or disabled; the gateway refuses it in any case. */
  may(role: Role): boolean;
}

class SessionStore {
  private current: Session = nobody;
  private known = false;
  private readonly listeners = new Set<() => void>();
  /** Called when somebody has signed in, so that what was refused is asked for again. */
  onSignedIn: () => void = () => {};

  get view(): SessionView {
    const session = this.current;
    return { ...session, known: this.known, may: (role) => may(session, role) };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    onSignedOut(() => void this.refresh());
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

  async signOut(): Promise<void> {
    await change('DELETE', '/api/v1/session');
    location.hash = '#/login';
    await this.refresh();
  }

  private take(told: Session): void {
    const before = this.current;
    const session: Session = told.open ? { ...told, role: 'admin' } : told;
    this.current = session;
    this.known = true;
    setCsrf(session.csrf);
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

function showLogin(): void {
  if (!location.hash.startsWith('#/login')) {
    const here = location.hash;
    location.hash = here === '' || here === '#/' ? '#/login' : `#/login?back=${encodeURIComponent(here)}`;
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
