"""The peers of the analysis: charge per cycle from arrays in memory, and nothing else.

usage: charge_per_cycle.py numpy|pandas FILE ROWS

FILE holds ROWS times (int64, microseconds) and then ROWS currents (float64, A; positive charges). Prints "ready"; for each
line read from standard input it counts once and prints the seconds taken, the cycles and the charge of all halves, Ah.
A half cycle is a run of records of one direction of the current; the interval that leads into a record carries the mean
of its two currents.
"""
import sys
import time

import numpy as np


def with_numpy(microseconds, amperes):
    direction = np.sign(amperes)
    edges = np.concatenate(([0], np.flatnonzero(np.diff(direction)) + 1))
    charge = np.empty_like(amperes)
    charge[0] = 0.0
    charge[1:] = 0.5 * (amperes[1:] + amperes[:-1]) * (np.diff(microseconds) / 1e6)
    halves = np.add.reduceat(charge, edges) / 3600
    return halves[halves != 0]


def with_pandas(table):
    direction = np.sign(table["current"])
    half = (direction != direction.shift()).cumsum()
    charge = 0.5 * (table["current"] + table["current"].shift()) * (table["time"].diff() / 1e6)
    halves = charge.groupby(half).sum() / 3600
    return halves[halves != 0]


def main():
    library, path, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as file:
        microseconds = np.fromfile(file, dtype=np.int64, count=rows)
        amperes = np.fromfile(file, dtype=np.float64, count=rows)
    if library == "pandas":
        import pandas as pd

        table = pd.DataFrame({"time": microseconds, "current": amperes})
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        halves = with_numpy(microseconds, amperes) if library == "numpy" else with_pandas(table)
        seconds = time.perf_counter() - start
        print(seconds, len(halves) // 2, float(np.abs(halves).sum()), flush=True)


if __name__ == "__main__":
    main()
