// DEVELOPMENT AID, never part of the product: a made-up bench whose figures move, with alarms, a silent and an ended cell
// and broken sensors. The numbers are invented for looking at the page; nothing here models a real cell.

const names = ['dne-pouch-1', 'dne-pouch-2', 'tve-pouch-1', 'tve-pouch-base', 'copc-anode-free', 'copc-base', 'pota-lco-lean', 'ispn-811', 'abuse-nail-3'];
const now = () => Date.now() / 1000;

/** A bench of `count` channels on accelerated time: one cycle takes `cycleSeconds`. */
export class MockBench {
  constructor(count, cycleSeconds = 60, historyCycles = 24) {
    this.cycleSeconds = cycleSeconds;
    /** Seconds between samples: 0.1 on accelerated time, 1 where cycles take as long as real ones. */
    this.period = cycleSeconds > 1000 ? 1 : 0.1;
    this.revision = new Map();
    this.alarms = new Map();
    this.start = now() - cycleSeconds * historyCycles;
    this.cells = Array.from({ length: count }, (_, i) => this.newCell(i));
    this.listeners = new Set();
    this.seedAlarms();
  }

  newCell(i) {
    const base = names[i % names.length];
    const cell = i < names.length ? base : `${base}-${Math.floor(i / names.length) + 1}`;
    return {
      cell, i, node: `node-${Math.floor(i / 4) + 1}`, channel: String((i % 4) + 1), phase: (i * 17) % this.cycleSeconds,
      fade: [0.0004, 0.0007, 0.0009, 0.006, 0.003, 0.011, 0.001, 0.002, 0.001][i % 9],
      polarization: 0.21 + ([0, 0, 0, 0.004, 0, 0, 0.009, 0, 0][i % 9]) * 12,
      role: i % 23 === 4 ? 'silent' : i % 23 === 7 ? 'ended' : i % 23 === 2 ? 'faulty' : i % 23 === 8 ? 'hot' : 'plain',
      stoppedAt: i % 23 === 4 ? now() - 95 : i % 23 === 7 ? now() - 4000 : null,
    };
  }

  /** Reading of a cell at a time: [volts, amperes, surface, infrared, ambient]. */
  reading(cell, t) {
    const p = (((t - this.start + cell.phase) / this.cycleSeconds) % 1 + 1) % 1;
    const noise = (k) => Math.sin(t * 7.31 * k + cell.i) * 0.5 + Math.sin(t * 3.17 * k) * 0.5;
    const ambient = 24.6 + Math.sin(t / 300) * 0.3;
    const hot = cell.role === 'hot' ? 21 + Math.sin(t / 9) * 4 : 0;
    if (p < 0.55) {
      const x = p / 0.55;
      return [3.05 + 1.15 * x ** 0.6 + cell.polarization * 0.4 + noise(1) * 0.0008, x < 0.85 ? 0.5 : 0.5 * (1 - x) / 0.15 + 0.02, ambient + 0.8 + hot + noise(2) * 0.04, ambient + 1.1 + hot * 1.05 + noise(3) * 0.1, ambient];
    }
    if (p < 0.6) {
      return [4.16 - (p - 0.55) * 0.4, 0, ambient + 0.6 + hot, ambient + 0.8 + hot, ambient];
    }
    if (p < 0.94) {
      const x = (p - 0.6) / 0.34;
      return [4.12 - 1.0 * x ** 1.4 - cell.polarization * 0.6 + noise(1) * 0.0008, -1.2, ambient + 2.2 * x + 0.8 + hot + noise(2) * 0.04, ambient + 2.4 * x + 1 + hot + noise(3) * 0.1, ambient];
    }
    return [3.02 + (p - 0.94) * 1.5, 0, ambient + 1.2 + hot, ambient + 1.3 + hot, ambient];
  }

  cycles(cell) {
    const end = cell.stoppedAt ?? now();
    const count = Math.floor((end - this.start + cell.phase) / this.cycleSeconds);
    return Array.from({ length: count }, (_, n) => {
      const charge = 1.012 * (1 - cell.fade * n) + Math.sin(n * 2.3) * 0.0006;
      const efficiency = n === 0 ? 0.936 : 0.9968 - cell.fade * 0.6 + Math.sin(n * 1.7 + cell.i) * 0.0006;
      const gap = cell.polarization + (cell.i % 9 === 6 ? n * 0.0065 : n * 0.0003);
      const start = this.start - cell.phase + n * this.cycleSeconds;
      return {
        index: n + 1, start, end: start + this.cycleSeconds, chargeCapacityAh: charge, dischargeCapacityAh: charge * efficiency,
        coulombicEfficiency: efficiency, coulombicEfficiencyUncertainty: cell.i % 2 ? 0.0004 : null,
        chargeCapacityUncertaintyAh: cell.i % 2 ? 0.0004 : null, dischargeCapacityUncertaintyAh: cell.i % 2 ? 0.0004 : null, polarizationUncertaintyV: cell.i % 2 ? 0.0003 : null, chargeEnergyWh: charge * 3.9,
        dischargeEnergyWh: charge * efficiency * 3.7, meanChargeVoltageV: 3.9 + gap / 2, meanDischargeVoltageV: 3.9 - gap / 2,
        polarizationV: gap, maxTemperatureC: 27.4 + (cell.role === 'hot' ? 24 : 0), quality: n === 0 ? 'partial' : n === 9 ? 'gapped' : 'complete',
        qualityReason: n === 0 ? 'The test began part-charged.' : n === 9 ? 'A gap of 42 s at 11:02:10.' : '', revision: n === 9 ? 1 : 0,
      };
    });
  }

  view(cell) {
    const t = cell.stoppedAt ?? now();
    const [v, a, s, i, ambient] = this.reading(cell, t);
    const cycles = this.cycles(cell);
    const last = cycles.at(-1) ?? null;
    const first = cycles.find((cycle) => cycle.quality === 'complete') ?? null;
    const faulty = cell.role === 'faulty';
    const state = cell.role === 'ended' ? 'ended' : a > 0.01 ? 'charging' : a < -0.01 ? 'discharging' : 'resting';
    return {
      cell: cell.cell, test: `${cell.cell}@1763700000000000`, node: cell.node, channel: cell.channel, profile: cell.cell.replace(/-\d+$/, ''),
      state, online: cell.role !== 'silent', live: true, time: t, receivedAt: t + 0.12, ageSeconds: Math.max(0, now() - t), silent: cell.role === 'silent',
      voltageV: v, currentA: cell.role === 'ended' ? 0 : a, surfaceC: faulty ? null : s, infraredC: cell.i % 23 === 5 ? 360.0 : cell.i % 3 === 1 ? null : i, ambientC: ambient,
      faults: [
        ...(faulty ? [{ column: 'surface', state: 'open' }] : []),
        ...(cell.i % 23 === 5 ? [{ column: 'infrared', state: 'saturated' }] : cell.i % 3 === 1 ? [{ column: 'infrared', state: 'absent' }] : []),
      ],
      bench: `bench-${'ABCDEFGH'[Math.floor(cell.i / 64) % 8]}`, step: state === 'ended' ? null : { number: cycles.length * 4 + 2, kind: state === 'charging' ? 'charge' : state === 'discharging' ? 'discharge' : 'rest', elapsedSeconds: (t * 7) % 5000 },
      cycle: cycles.length + 1, cycleCount: cycles.length, lastCycle: last,
      retention: last && first ? last.dischargeCapacityAh / first.dischargeCapacityAh : null,
      sampleCount: Math.floor((t - this.start) * 10), droppedSamples: cell.i % 9 === 5 ? 37 : 0,
      trend: Array.from({ length: 60 }, (_, k) => { const at = t - (59 - k) * this.cycleSeconds / 25; return [at, this.reading(cell, at)[0]]; }),
      alarms: [...this.alarms.values()].filter((alarm) => alarm.cell === cell.cell && alarm.clearedAt === null),
    };
  }

  /** Samples at the bench's period but for an outage of half a minute; thinned to extremes as the gateway does where they are too many. */
  samples(cell, from, to, points) {
    const end = Math.min(to ?? Infinity, cell.stoppedAt ?? now());
    const begin = from ?? this.start;
    const first = Math.max(begin, this.start);
    const row = (t) => {
      const [v, a, s, i, ambient] = this.reading(cell, t);
      return [t, v, a, cell.role === 'faulty' ? null : s, cell.i % 3 === 1 ? null : i, ambient];
    };
    const isOut = (t) => t > this.start + 400 && t < this.start + 430;
    const rows = [];
    const isWhole = (end - first) / this.period <= points;
    const width = Math.max(this.period, ((to ?? end) - begin) / (points / 2));
    if (isWhole) {
      for (let k = Math.ceil(first / this.period); k * this.period <= end; k += 1) if (!isOut(k * this.period)) rows.push(row(k * this.period));
    } else {
      for (let n = 0; begin + n * width <= end; n += 1) {
        const piece = Array.from({ length: 6 }, (_, k) => begin + (n + k / 6) * width).filter((t) => t >= first && t <= end && !isOut(t)).map(row);
        if (piece.length === 0) continue;
        const extreme = (pick) => piece[0].map((_, k) => (k === 0 || piece[0][k] === null ? null : pick(...piece.map((one) => one[k]))));
        rows.push([piece[0][0], ...extreme(Math.min).slice(1)], [piece.at(-1)[0], ...extreme(Math.max).slice(1)]);
      }
    }
    return { cell: cell.cell, test: `${cell.cell}@1763700000000000`, from: begin, to: to ?? end, intervalSeconds: isWhole ? null : width, missing: null, columns: ['time', 'voltageV', 'currentA', 'surfaceC', 'infraredC', 'ambientC'], rows };
  }

  findings(cell) {
    return [...this.alarms.values()].filter((alarm) => alarm.cell === cell.cell).map((alarm) => ({
      id: `${alarm.rule}@${Math.round(alarm.onset * 1e6)}`, time: alarm.onset, cycle: 14, rule: alarm.rule, severity: alarm.severity, measure: alarm.measure,
      observed: alarm.observed, limit: alarm.limit, unit: alarm.unit, message: alarm.message, cleared: alarm.clearedAt, latches: alarm.latched,
      maximumTemperatureC: null, proposedHazardLevel: alarm.rule === 'thermal-runaway' ? 2 : null,
    }));
  }

  raise(cell, rule, severity, observed, limit, unit, message, more = {}) {
    const id = `${cell}/${rule}`;
    const before = this.alarms.get(id);
    const alarm = {
      id, cell, test: `${cell}@1763700000000000`, rule, severity, state: 'unacknowledged', onset: now() - 3, raisedAt: now(), clearedAt: null,
      acknowledgedAt: null, acknowledgedBy: null, note: null, latched: false, measure: rule, observed, limit, unit, message, revision: (before?.revision ?? -1) + 1, ...more,
    };
    this.alarms.set(id, alarm);
    this.tell(alarm);
    return alarm;
  }

  acknowledge(id, by, note) {
    const alarm = this.alarms.get(id);
    if (!alarm) return [404, { error: `There is no alarm ${id}.` }];
    if (alarm.acknowledgedAt !== null) return [409, { error: `The alarm ${id} was acknowledged by ${alarm.acknowledgedBy} already.` }];
    const next = { ...alarm, state: alarm.clearedAt === null ? 'acknowledged' : 'normal', acknowledgedAt: now(), acknowledgedBy: by, note, revision: alarm.revision + 1 };
    this.alarms.set(id, next);
    this.tell(next);
    return [200, next];
  }

  tell(alarm) {
    this.onTell?.(alarm);
    for (const listener of this.listeners ?? []) listener(alarm);
  }

  seedAlarms() {
    const at = (i) => this.cells[i]?.cell;
    const add = (i, ...rest) => at(i) && this.raise(at(i), ...rest);
    add(5, 'capacity-fade', 'warning', 0.741, 0.8, 'ratio', 'Discharge capacity has fallen to 74.1 % of cycle 2; the limit is 80.0 %.', { raisedAt: now() - 1900 });
    add(6, 'polarization-rise', 'advisory', 0.364, 0.33, 'V', 'The mean-voltage gap has risen to 0.364 V; the limit is 0.330 V.', { raisedAt: now() - 700, state: 'acknowledged', acknowledgedAt: now() - 600, acknowledgedBy: 'R. Okafor', note: 'known, watching' });
    add(4, 'silence', 'warning', 95, 60, 's', 'No sample for 95 s; the limit is 60 s.', { raisedAt: now() - 35 });
    add(2, 'sensor-fault', 'warning', null, null, '', 'The surface thermistor is open.', { raisedAt: now() - 300 });
    add(8, 'thermal-limit', 'critical', 46.3, 45, 'C', 'Surface at 46.3 °C; the limit is 45.0 °C.', { raisedAt: now() - 20 });
    add(8, 'heating-rate', 'advisory', 0.31, 0.25, 'K/s', 'Surface heats by 0.31 K/s; the limit is 0.25 K/s.', { raisedAt: now() - 24, state: 'returnedUnacknowledged', clearedAt: now() - 8 });
    this.raise('_gateway', 'quarantine', 'advisory', 3, 0, 'count', '3 messages could not be understood and are kept in quarantine.', { raisedAt: now() - 5000 });
  }
}
