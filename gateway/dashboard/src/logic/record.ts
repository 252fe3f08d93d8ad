// How pages of the record become one list without a gap.
import type { Transition } from '../api/desk-types';

/** What has been read of the record for one question. */
export interface ReadRecord {
  readonly about: string;
  /** Newest first, each once. */
  readonly lines: readonly Transition[];
  /** True when the oldest line has been read. */
  readonly ended: boolean;
}

/**
 * Adds a page: older lines where `before` is an id, else the newest ones. A page of news that does not reach what is known would
 * leave a gap: then the list begins anew.
 */
export function joinRecord(known: ReadRecord, about: string, before: number | null, more: readonly Transition[], pageLines: number): ReadRecord {
  const joins = known.about === about && (before !== null || more.length < pageLines || known.lines.some((line) => line.id === more.at(-1)?.id));
  const ended = before !== null || !joins ? more.length < pageLines : known.ended;
  const lines = new Map([...(joins ? known.lines : []), ...more].map((line) => [line.id, line]));
  return { about, lines: [...lines.values()].sort((a, b) => b.id - a.id), ended };
}
