// One piece of work with the gateway at a time, and what became of it, in a sentence.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

export interface Work {
  readonly busy: boolean;
  readonly error: string | null;
  readonly done: string | null;
  /** False where it did not succeed; the reason is shown. */
  run(what: () => Promise<unknown>, done?: string): Promise<boolean>;
}

export function useWork(): Work {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: string | null; readonly done: string | null }>({ busy: false, error: null, done: null });
  const run = async (what: () => Promise<unknown>, done?: string): Promise<boolean> => {
    setState({ busy: true, error: null, done: null });
    try {
      await what();
      setState({ busy: false, error: null, done: done ?? null });
      return true;
    } catch (cause) {
      setState({ busy: false, error: cause instanceof Error ? cause.message : String(cause), done: null });
      return false;
    }
  };
  return { ...state, run };
}

export function Said({ work }: { readonly work: Work }): JSX.Element {
  return <><p class="form-error" role="alert">{work.error}</p><p class="done" role="status">{work.done}</p></>;
}
