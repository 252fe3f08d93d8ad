// The pages as the frame offers them: their words, the key that leads there, and the least role that can use them.
import type { Role } from '../api/types';
import type { PageName } from '../state/route';

export interface PageLink {
  readonly page: PageName;
  readonly words: string;
  /** Pressed after `g`. */
  readonly key: string;
  readonly href: string;
  readonly least: Role;
}

export const pageLinks: readonly PageLink[] = [
  { page: 'wall', words: 'Bench', key: 'b', href: '#/', least: 'viewer' },
  { page: 'alarms', words: 'Alarms', key: 'a', href: '#/alarms', least: 'viewer' },
  { page: 'compare', words: 'Compare', key: 'c', href: '#/compare', least: 'viewer' },
  { page: 'nodes', words: 'Nodes', key: 'n', href: '#/nodes', least: 'viewer' },
  { page: 'setup', words: 'Set-up', key: 's', href: '#/setup', least: 'viewer' },
  { page: 'profiles', words: 'Profiles', key: 'p', href: '#/profiles', least: 'viewer' },
  { page: 'abuse', words: 'Abuse tests', key: 'x', href: '#/abuse', least: 'viewer' },
  { page: 'delivery', words: 'Delivery', key: 'd', href: '#/delivery', least: 'admin' },
  { page: 'accounts', words: 'Accounts', key: 'u', href: '#/accounts', least: 'admin' },
];

/** The pages to link: those that exist in this build and that whoever is signed in may use. */
export const offered = (exists: (page: PageName) => boolean, may: (role: Role) => boolean): readonly PageLink[] =>
  pageLinks.filter((link) => exists(link.page) && may(link.least));

/** The page marked as current while another is shown that has no link of its own. */
export const marked = (page: PageName): PageName => (page === 'cell' ? 'wall' : page);
