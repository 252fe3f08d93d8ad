// The record of transitions as a page shows it: the newest, older ones on demand, and what is new since.
import { useEffect, useRef, useState } from 'preact/hooks';
import { desk, type HistoryQuery } from '../api/desk';
import type { Transition } from '../api/desk-types';
import { joinRecord, type ReadRecord } from '../logic/record';
import { sentenceOf } from '../state/answer';
import { useStore } from '../state/store';

/** Lines asked for at once. */
const pageLines = 100;

/** Wait before the record is read again after alarms have changed. */
const againMilliseconds = 2000;

/** Lines kept on a page; older ones are reached by narrowing the choice. */
const linesMax = 5000;

export interface RecordView {
  readonly lines: readonly Transition[];
  readonly isRead: boolean;
  readonly error: string | null;
  /** True while the gateway may have older lines. */
  readonly hasOlder: boolean;
  readonly older: () => void;
}

export function useRecord(query: HistoryQuery): RecordView {
  const alarms = useStore((state) => state.alarms);
  const about = JSON.stringify(query);
  const [view, setView] = useState<ReadRecord>({ about: '', lines: [], ended: false });
  const [error, setError] = useState<string | null>(null);
  const latest = useRef(about);
  latest.current = about;

  const read = async (before: number | null): Promise<void> => {
    try {
      const more = await desk.history(query, before, pageLines);
      if (latest.current !== about) {
        return;
      }
      setView((known) => joinRecord(known, about, before, more, pageLines));
      setError(null);
    } catch (cause) {
      setError(sentenceOf(cause));
    }
  };

  useEffect(() => void read(null), [about]);
  useEffect(() => {
    const timer = setTimeout(() => void read(null), againMilliseconds);
    return () => clearTimeout(timer);
  }, [alarms]);

  const lines = view.about === about ? view.lines : [];
  return {
    lines, isRead: view.about === about, error,
    hasOlder: view.about === about && !view.ended && lines.length < linesMax,
    older: () => void read(lines.at(-1)?.id ?? null),
  };
}
