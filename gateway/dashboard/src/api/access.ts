// Accounts, tokens and the audit trail.
import type { Account, ApiToken, AuditLine, NewToken, TokenScope } from './access-types';
import { change, request } from './client';
import type { Role } from './types';

const account = (user: string): string => `/api/v1/accounts/${encodeURIComponent(user)}`;

export const access = {
  accounts: () => request<Account[]>('/api/v1/accounts'),
  addAccount: (user: string, password: string, role: Role) => change<Account>('POST', '/api/v1/accounts', { user, password, role }),
  setRole: (user: string, role: Role) => change<Account>('PUT', account(user), { role }),
  setPassword: (user: string, password: string) => change<Account>('PUT', account(user), { password }),
  removeAccount: (user: string) => change<null>('DELETE', account(user)),
  tokens: () => request<ApiToken[]>('/api/v1/tokens'),
  addToken: (name: string, scope: TokenScope, days: number) =>
    change<NewToken>('POST', '/api/v1/tokens', { name, scopes: [scope], expires: Math.floor(Date.now() / 1000) + days * 86_400 }),
  removeToken: (id: string) => change<null>('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`),

  /** The newest lines, or those before a line. */
  audit: (before: number | null, limit: number) => request<AuditLine[]>(`/api/v1/audit?limit=${limit}${before === null ? '' : `&before=${before}`}`),
};
