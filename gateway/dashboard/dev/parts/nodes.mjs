// Nodes and the gateway itself at the stand-in; every command is done, but for one to the node that is offline.
const now = () => Date.now() / 1000;

function nodeOf(name, cells, at) {
  const isOffline = cells.some((cell) => cell.role === 'silent');
  return {
    node: name, state: isOffline ? 'offline' : at === 3 ? 'unknown' : 'online', lastState: 'online', online: !isOffline, boot: '00000000000000aa', bootSeen: now() - 86_000,
    bootCount: 1 + (at % 4), firmware: '1.4.2', uptimeSeconds: 86_000, firstSeen: now() - 8e6, lastSeen: now() - (isOffline ? 700 : 12),
    channels: Object.fromEntries(cells.map((cell) => [cell.channel, cell.cell])),
    trips: at === 2 ? { [cells[0].channel]: { cause: 'over-voltage', kind: 'cycling', value: 4.43, limit: 4.4, unit: 'V' } } : {},
    calibrations: Object.fromEntries(cells.slice(0, 3).map((cell, i) => [cell.channel, { id: (0x1a2b3c4d + i).toString(16), madeAt: now() - 86_400 * (i === 1 ? 500 : 40) }])),
    health: {
      heapFreeBytes: 91_000, signalDbm: at % 5 === 1 ? -84 : -58, restarts: 6, exceptions: at === 1 ? 1 : 0, backlogFrames: at === 1 ? 420 : 2, storedFrames: 12,
      storedBytes: 81_000, flashBytes: 1_900_000, behindMs: at === 1 ? 125_000 : 300, droppedSamples: at === 1 ? 1200 : 0, missedSamples: 0,
      restartCause: 'ordered', safeMode: false, busErrors: { 1: at === 1 ? 4 : 0 },
    },
  };
}

export async function answer({ method, path, body, bench }) {
  if (path[0] === 'nodes' && path.length === 1) {
    const groups = new Map();
    for (const cell of bench.cells) groups.set(cell.node, [...(groups.get(cell.node) ?? []), cell]);
    return [200, [...groups].map(([name, cells], at) => nodeOf(name, cells, at))];
  }
  if (path[0] === 'nodes' && path[2] === 'commands' && method === 'POST') {
    if (body.command === 'reboot') return [409, { error: 'Channel 1 is armed.' }];
    return [200, { event: 'command', id: 'a', detail: body.command === 'identify' ? `blinks for ${body.seconds} s` : '' }];
  }
  if (path[0] === 'gateway') {
    return [200, {
      version: '1.0.0', time: now(), freeBytes: 41_200_000_000, storageProblem: null, compactionProblem: null, storedFrames: 91_233, storedSamples: 8_402_113,
      duplicateFrames: 12, failedFrames: 0, queueEntries: 3, segments: 14, damagedPlaces: 0, quarantinedMessages: 3, quarantineDroppedMessages: 0, calibrationsRefused: 0, dashboards: 2, faults: 0,
    }];
  }
  if (path[0] === 'quarantine') return [200, { count: 3, newest: [{ time: now() - 4000, node: 'node-2', topic: 'pouch/v1/node-2/1/frame', reason: 'check sum', byteCount: 412 }] }];
  if (path[0] === 'broker') return [200, null];
  if (path[0] === 'influx') return [200, { url: 'http://127.0.0.1:8086', kind: 'influxdb', lagFrames: 12, lagSeconds: 1.2, lastError: null, rejectedLines: 0 }];
  return undefined;
}
