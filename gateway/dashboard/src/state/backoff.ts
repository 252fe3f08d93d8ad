// When to try again after the connection broke.

const firstMilliseconds = 500;
const longestMilliseconds = 8_000;

/**
 * Wait before attempt `attempt` (1, 2, ...): doubles from half a second up to 8 s, the upper half of it by chance
 * (`chance` in 0 to 1), so that many screens do not return in one instant after a restart.
 */
export function retryDelayMilliseconds(attempt: number, chance: number): number {
  const ceiling = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(attempt - 1, 20));
  return ceiling / 2 + (ceiling / 2) * chance;
}
