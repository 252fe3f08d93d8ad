// Mock answers of the cell and compare pages: tests, steps, pulses, standing, dQ/dV, heat and a longer history than the bench has.
const number = (url, name) => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : null);

function steps(bench, cell) {
  return bench.cycles(cell).flatMap((cycle) => {
    const length = cycle.end - cycle.start;
    const at = [0, 0.55, 0.6, 0.94, 1].map((share) => cycle.start + share * length);
    return ['charge', 'rest', 'discharge', 'rest'].map((kind, n) => ({
      index: (cycle.index - 1) * 4 + n + 1, cycle: cycle.index, kind, mode: kind === 'rest' ? null : 'constant-current', start: at[n], end: at[n + 1], meanCurrentA: kind === 'charge' ? 0.5 : kind === 'discharge' ? -1.2 : 0,
    }));
  });
}

function differential(cell, cycle) {
  const curve = (half) => {
    const sign = half === 'charge' ? 1 : -1;
    const shift = cell.polarization * 0.4 + cycle * cell.fade * 0.8;
    const peaks = [[3.72, 2.6, 0.05], [4.02, 1.4, 0.04], [4.19, 1.9 * (1 - cycle * cell.fade * 4), 0.025]];
    const voltageV = Array.from({ length: 260 }, (_, n) => 3 + n * 0.005);
    const densityAhPerV = voltageV.map((v) => peaks.reduce((sum, [at, tall, wide]) => sum + tall * Math.exp(-(((v - at - sign * shift * 0.2) / wide) ** 2)), 0.3));
    return { cycle, half, start: 0, rateA: 0.5, reason: null, peaks: peaks.map(([at, tall, wide]) => ({ positionV: at + sign * shift * 0.2, heightAhPerV: tall + 0.3, areaAh: tall * wide * 1.77, widthV: wide * 1.66 })), dqdv: { voltageV, densityAhPerV } };
  };
  const halfCycles = [curve('charge'), curve('discharge')];
  return {
    cell: cell.cell, test: `${cell.cell}@1763700000000000`, cycle, gridV: 0.005, smoothingV: 0.015, halfCycles,
    separations: halfCycles[0].peaks.map((peak, n) => ({ cycle, chargeV: peak.positionV, dischargeV: halfCycles[1].peaks[n].positionV, separationV: peak.positionV - halfCycles[1].peaks[n].positionV })),
  };
}

function heat(bench, cell, from, to, points) {
  const last = bench.cycles(cell).at(-1);
  const begin = from ?? last?.start ?? bench.start;
  const end = to ?? last?.end ?? begin + 3600;
  const step = (end - begin) / Math.min(points ?? 400, 400);
  const rows = [];
  for (let t = begin; t < end; t += step) {
    const [, i, s, , ambient] = bench.reading(cell, t);
    const joule = i * i * 0.032;
    rows.push([t + step / 2, joule * (1.1 + 0.2 * Math.sin(t)), joule * 0.2, joule, s - ambient, 0.006]);
  }
  return {
    cell: cell.cell, test: `${cell.cell}@1763700000000000`, from: begin, to: end, blockSeconds: step, heatCapacityJPerK: 12.6, coolingSeconds: 520, coolingLearned: true, reason: null, smallestW: 0.006,
    columns: ['time', 'heatW', 'storedW', 'jouleW', 'riseK', 'uncertaintyW'], rows,
  };
}

export async function answer({ path, url, bench }) {
  if (path[0] === 'tests') {
    return [200, bench.cells.map((cell) => ({ test: `${cell.cell}@1763700000000000`, cell: cell.cell, node: cell.node, channel: cell.channel, profile: cell.cell.replace(/-\d+$/, ''), profileHash: null, start: bench.start, end: cell.stoppedAt, sampleCount: 1000 }))];
  }
  if (path[0] === 'alarms' && path[1] === 'history') {
    return [200, [...bench.alarms.values()].filter((alarm) => alarm.acknowledgedAt).map((alarm) => ({ at: alarm.acknowledgedAt, cell: alarm.cell, test: alarm.test, rule: alarm.rule, from: 'unacknowledged', to: 'acknowledged', by: alarm.acknowledgedBy, note: alarm.note, reason: '' }))];
  }
  const cell = path[0] === 'cells' ? bench.cells.find((one) => one.cell === path[1]) : undefined;
  if (!cell) return undefined;
  const test = `${cell.cell}@1763700000000000`;
  switch (path[2]) {
    case 'steps': return [200, steps(bench, cell)];
    case 'pulses': return [200, bench.cycles(cell).map((cycle) => ({ time: cycle.start + 1, currentA: 0.5, r0Ohm: 0.021 + cycle.index * cell.fade * 0.05, r1sOhm: 0.026 + cycle.index * cell.fade * 0.06, r10sOhm: 0.032 + cycle.index * cell.fade * 0.08 }))];
    case 'dqdv': return [200, differential(cell, number(url, 'cycle') ?? 1)];
    case 'heat': return [200, heat(bench, cell, number(url, 'from'), number(url, 'to'), number(url, 'points'))];
    case 'standing': {
      const cycles = bench.cycles(cell).filter((cycle) => cycle.quality === 'complete');
      const curve = cycles.map((cycle) => [cycle.index, cycle.dischargeCapacityAh / cycles[0].dischargeCapacityAh]);
      return [200, {
        cell: cell.cell, test, profile: cell.cell.replace(/-\d+$/, ''), referenceCycle: 2, profileContent: { name: cell.cell, kind: 'full', nominalCapacityAh: 1, endOfLifeRetention: 0.8, referenceRetention: [[1, 1], [100, 0.988]], referencePolarization: [[1, 1], [100, 1.15]] },
        retentionCurve: curve, retention: curve.at(-1)?.[1] ?? null, projection: cell.fade > 0.002 ? { cycle: 41.2, lowCycle: 33.4, highCycle: 60.1 } : null,
        boots: [{ boot: '00c0ffee00c0ffee', start: bench.start, end: bench.start + 400 }, { boot: '0badcafe0badcafe', start: bench.start + 430, end: Date.now() / 1000 }],
      }];
    }
    default: return undefined;
  }
}
