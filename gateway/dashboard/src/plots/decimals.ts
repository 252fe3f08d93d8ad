// How many decimals the labels of an axis need.

/** Fewest decimals that write multiples of the increment exactly, six at most: 0.25 needs two, 0.5 one, 20 none. */
export function decimalsFor(increment: number): number {
  for (let decimals = 0; decimals < 6; decimals += 1) {
    const shifted = increment * 10 ** decimals;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 && Math.round(shifted) !== 0) {
      return decimals;
    }
  }
  return 6;
}
