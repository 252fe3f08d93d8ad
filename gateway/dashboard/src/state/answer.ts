// Answers of the gateway as state of a page.
import { useEffect, useState } from 'preact/hooks';

export const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The answer to a request that is made again when an input changes; the previous answer stays until the next one is there. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[]): readonly [T | null, string | null] {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      try {
        setAnswer(await ask(controller.signal));
        setError(null);
      } catch (cause) {
        if (!controller.signal.aborted) {
          setError(sentenceOf(cause));
        }
      }
    };
    void run();
    return () => controller.abort();
  }, inputs);
  return [answer, error];
}
