// Accounts, tokens and the audit trail, as the gateway answers them. Times are Unix seconds.
import type { Role } from './types';

export interface Account {
  readonly user: string;
  readonly role: Role;
  readonly changedAt: number | null;
  readonly sessions: number;
}

export type TokenScope = 'read' | 'operate' | 'admin' | 'metrics';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
}

/** The answer that makes a token; the only one that holds it. */
export interface NewToken extends ApiToken {
  readonly token: string;
}

export interface AuditLine {
  readonly id: number;
  readonly at: number;
  readonly person: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string | null;
}
