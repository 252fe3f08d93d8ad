// DEVELOPMENT AID: channels and profiles of the made-up bench, kept in memory.
const now = () => Date.now() / 1000;
const figure = (name, title, unit, least, most, meaning, isLimit = false) => ({ name, title, unit, least, most, meaning, isLimit });
const figures = [
  figure('nominalCapacityAh', 'Nominal capacity', 'Ah', 1e-6, 1000, 'What the maker says it holds: rates are counted against it.'),
  figure('massG', 'Mass', 'g', 0.01, 100000, 'For gravimetric energy and the heat balance.'),
  figure('minimumVoltageV', 'Lowest voltage', 'V', -6, 6, 'Below it voltage-limit raises.', true),
  figure('maximumVoltageV', 'Highest voltage', 'V', -6, 6, 'Above it voltage-limit raises.', true),
  figure('warningTemperatureC', 'Warning temperature', 'C', -60, 200, 'Surface temperature at which thermal-limit warns.', true),
  figure('maximumWorkingTemperatureC', 'Highest working temperature', 'C', -60, 200, "The maker's maximum: thermal-limit is critical there.", true),
  figure('maximumHeatingRateCPerS', 'Highest heating rate', 'C/s', 0.01, 100, 'Over 1 s; heating-rate raises there.', true),
  figure('referenceCycle', 'Reference cycle', '', 1, 100000, 'Its discharge capacity is 100 %; taken after formation.'),
  figure('endOfLifeRetention', 'End of life', '', 0.01, 1, 'Share of the reference capacity at which life ends.'),
];
const rules = [{ row: 'polarization-rise/polarization', unit: 'share', raise: 0.25, clear: 0.2, hold: 3, severity: 'warning', reason: '' }];
const common = { kind: 'full', warningTemperatureC: 50, maximumWorkingTemperatureC: 60, maximumHeatingRateCPerS: 1, referenceCycle: 1, endOfLifeRetention: 0.8 };
const builtIn = new Map([
  { name: 'default', description: 'a cell of which nothing is known', ...common, warningTemperatureC: null, maximumWorkingTemperatureC: 90 },
  { name: 'dne-pouch', description: 'Li||NCM811 pouch, 331 Wh/kg, 0.2 C charge, 0.5 C discharge, window assumed', ...common, nominalCapacityAh: 1, massG: 11.5, minimumVoltageV: 2.8, maximumVoltageV: 4.3 },
  { name: 'tve-pouch', description: 'Li||NCM90 pouch, 490 Wh/kg', ...common, nominalCapacityAh: 3, massG: 23.5 },
].map((body) => [body.name, body]));
const lab = new Map([['lab-hot', [1, 2].map((version) => ({
  version, savedAt: now() - 90000 / version, savedBy: version === 1 ? 'ada' : 'R. Okafor',
  body: { name: 'lab-hot', description: 'our second build at 45 °C', ...common, nominalCapacityAh: 1.05, massG: 12, minimumVoltageV: 2.8, maximumVoltageV: version === 1 ? 4.2 : 4.25, warningTemperatureC: 55, referenceRetention: [[1, 1], [100, 0.985]] },
}))]]);
const assigned = new Map();

const line = (body, saved) => ({ name: body.name, description: body.description ?? '', source: saved ? 'lab' : 'builtIn', version: saved?.version ?? null, savedAt: saved?.savedAt ?? null, savedBy: saved?.savedBy ?? null, hash: 'ab12cd34ef56ab12' });
const view = (name, version) => {
  const versions = lab.get(name) ?? [];
  const saved = version ? versions.find((each) => each.version === version) : versions.at(-1);
  const body = saved?.body ?? builtIn.get(name);
  return body && { ...line(body, saved), profile: body, versions: [...versions].reverse().map(({ version: number, savedAt, savedBy }) => ({ version: number, savedAt, savedBy })), running: [] };
};
const problemsOf = (body) => figures.filter(({ name, least, most }) => body[name] !== null && body[name] !== undefined && !(body[name] >= least && body[name] <= most))
  .map(({ name, least, most, unit }) => ({ field: name, message: `${name} is ${body[name]}, between ${least} and ${most} ${unit} is possible` }));

const channelOf = (cell, index) => {
  const at = `${cell.node}/${cell.channel}`;
  const set = assigned.get(at);
  const limits = set?.limits ?? {};
  const profile = set?.profile ?? cell.profile ?? null;
  return {
    node: cell.node, channel: cell.channel, label: cell.cell, cell: set?.cell ?? cell.cell, profile: Object.keys(limits).length > 0 ? `${profile ?? 'default'}-limits` : profile, profileHash: set ? 'b' : 'a',
    bench: set?.bench ?? cell.node, test: index % 4 === 3 ? null : `${cell.cell}@${index + 1}`, limits, note: set?.note ?? null, confirm: set?.confirm ?? null, changedAt: set?.changedAt ?? null, changedBy: set?.by ?? null,
    assigned: !!set, assignedProfile: set?.profile ?? null, assignedBench: set?.bench ?? null, online: index !== 4, receivedAt: now() - index,
    running: index % 4 === 3 ? null : { test: `${cell.cell}@${index + 1}`, cell: cell.cell, profile: cell.profile ?? null, profileHash: 'a', startedAt: now() - 86400 * index - 3600, sampleCount: 1000 },
  };
};

export async function answer({ method, path, url, body, bench }) {
  const [what, name, channel] = path;
  if (what === 'channels') {
    const all = bench.cells.map((cell) => bench.view(cell)).map(channelOf).sort((a, b) => a.node.localeCompare(b.node) || a.channel.localeCompare(b.channel, 'en', { numeric: true }));
    if (!name) return [200, all];
    const now1 = all.find((each) => each.node === name && each.channel === channel);
    if (method === 'PUT' && now1?.running && now1.running.cell !== body.cell && !body.endTest) return [409, { error: `Test ${now1.running.test} runs on ${name}/${channel}. Another cell there ends it: say endTest, or leave the cell as it is.` }];
    if (method === 'PUT') assigned.set(`${name}/${channel}`, { ...body, changedAt: now() });
    if (method === 'DELETE') assigned.delete(`${name}/${channel}`);
    const cell = bench.cells.map((each) => bench.view(each)).findIndex((each) => each.node === name && each.channel === channel);
    return cell < 0 ? [404, { error: `No channel '${channel}' of a node '${name}' is known.` }] : [200, channelOf(bench.view(bench.cells[cell]), cell)];
  }
  if (what === 'profile-fields') return [200, { figures, rules }];
  if (what !== 'profiles') return undefined;
  if (method === 'POST' && name === 'check') return [200, { problems: problemsOf(body) }];
  if (!name) return [200, [...[...builtIn.values()].map((each) => line(each)), ...[...lab.values()].map((versions) => line(versions.at(-1).body, versions.at(-1)))]];
  if (method === 'PUT') {
    const versions = lab.get(name) ?? [];
    if (versions.length !== Number(url.searchParams.get('version'))) return [412, { error: `Profile '${name}' is at version ${versions.length}; look at the newer one and save again.` }];
    lab.set(name, [...versions, { version: versions.length + 1, savedAt: now(), savedBy: url.searchParams.get('by'), body }]);
  }
  const shown = view(name, Number(url.searchParams.get('version') ?? 0) && method === 'GET' ? Number(url.searchParams.get('version')) : 0);
  return shown ? [200, shown] : [404, { error: `There is no profile '${name}'.` }];
}
