// Keeps the screen from going dark while somebody has to see it, where the browser can (over https, or on this machine).
import { useEffect } from 'preact/hooks';

export function useAwake(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) {
      return undefined;
    }
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    const ask = async (): Promise<void> => {
      try {
        lock = await navigator.wakeLock.request('screen');
        if (isOver) {
          void lock.release();
        }
      } catch {
        // A hidden page or a low battery: the screen then follows its own settings.
      }
    };
    // The browser lets go of it whenever the page is hidden.
    const shown = (): void => void (document.hidden || ask());
    document.addEventListener('visibilitychange', shown);
    void ask();
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', shown);
      void lock?.release();
    };
  }, [on]);
}
