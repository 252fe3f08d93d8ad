// DEVELOPMENT AID: plans of abuse tests at the stand-in, with short times, so that a whole test can be looked at in a minute.
const criterion = (id, title, measure, limit, unit, more = {}) => ({ id, title, measure, limit, unit, isBelow: false, holdS: 0, isFailure: true, isRequired: false, source: 'recalled', ...more });
const none = { voltageDropV: null, voltageRiseV: null, heatingCPerS: null, temperatureC: null, currentA: null, forceN: null };
const plan = (name, kind, title, standard, more) => ({
  name, version: 1, kind, title, standard, conditions: [{ text: 'State of charge', value: 100, unit: '%', source: 'recalled' }, { text: 'Ambient, within 5 °C', value: 25, unit: 'C', source: 'recalled' }],
  trigger: { ...none, voltageDropV: 0.1, heatingCPerS: 1 },
  criteria: [
    criterion('thermal-runaway', 'Thermal runaway by GB 38031', 'thermal-runaway', 1, 'C/s', { holdS: 3, source: 'quoted' }),
    criterion('temperature', 'Surface at or above 150 °C', 'temperature', 150, 'C'),
    criterion('voltage-drop', 'A quarter of the voltage lost', 'voltage-drop', 0.25, 'of initial', { isFailure: false, source: 'lab' }),
    criterion('fire', 'Fire or explosion', 'observed', null, ''),
  ],
  observation: { start: 'trigger', exposureS: null, leastS: 40, belowC: 45, belowPartOfRise: null, mostS: null, source: 'recalled' },
  selfHeating: { rateCPerMinute: 10, windowS: 5, holdS: 3, source: 'lab' }, rateWindowsS: [1, 3, 10], preTriggerS: 30, protectionKind: kind,
  personChecks: ['Extraction runs and the chamber is closed', 'Fire suppression is ready'], note: null, ...more,
});

export const plans = new Map([
  plan('nail-gb', 'nail', 'Nail penetration, judged by GB 38031', 'GB 38031-2025', { conditions: [
    { text: 'State of charge', value: 100, unit: '%', source: 'recalled' }, { text: 'Nail of high-temperature steel, diameter 3 to 8 mm', value: null, unit: null, source: 'recalled' },
    { text: 'Speed of the nail', value: 80, unit: 'mm/s', source: 'quoted' }] }),
  plan('crush-gb', 'crush', 'Crush to 100 kN or 15 % deformation', 'GB 38031-2025', { trigger: { ...none, voltageDropV: 0.1, forceN: 1000 } }),
  plan('short-un38.3-t5', 'external-short', 'External short at 57 °C', 'UN 38.3 T5', { trigger: { ...none, currentA: 5 }, criteria: [
    criterion('temperature', 'Surface above 170 °C', 'temperature', 170, 'C', { source: 'quoted' }), criterion('warm', 'Surface at or above 70 °C', 'temperature', 70, 'C', { isFailure: false }), criterion('fire', 'Fire, rupture or disassembly', 'observed', null, '')],
  observation: { start: 'end-of-exposure', exposureS: 20, leastS: 30, belowC: null, belowPartOfRise: 0.2, mostS: 600, source: 'recalled' } }),
  plan('overcharge-gb', 'overcharge', 'Overcharge to 1.1 times the voltage', 'GB 38031-2025', { trigger: { ...none, voltageRiseV: 0.05 } }),
  plan('oven-ul1642', 'oven', 'Oven, 5 °C a minute to 150 °C', 'UL 1642', { trigger: { ...none, temperatureC: 150 }, observation: { start: 'end-of-exposure', exposureS: 600, leastS: 3600, belowC: null, belowPartOfRise: null, mostS: null, source: 'recalled' } }),
  plan('bend-lab', 'bend', 'Bend around a rod of 10 mm', null, { criteria: [criterion('temperature', 'Surface at or above 60 °C', 'temperature', 60, 'C', { source: 'lab' })] }),
].map((each) => [each.name, [each]]));

export const problemsOf = (body) => {
  const found = [];
  const within = (field, value, least, most, unit) => {
    if (value !== null && value !== undefined && !(Number(value) >= least && Number(value) <= most)) found.push({ field, message: `${field} is ${value}, between ${least} and ${most}${unit ? ` ${unit}` : ''} is possible` });
  };
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(body.name ?? '')) found.push({ field: 'name', message: 'name needs 1 to 64 of A-Z a-z 0-9 . _ -' });
  if (!body.title) found.push({ field: 'title', message: 'title has 0 characters, 1 to 200 are possible' });
  (body.criteria ?? []).forEach((rule, i) => {
    if (rule.measure !== 'observed' && rule.limit === null) found.push({ field: `criteria[${i}].limit`, message: `criteria[${i}].limit is null, this measure needs a limit` });
    if (rule.measure === 'temperature') within(`criteria[${i}].limit`, rule.limit, -40, 1500, 'C');
    within(`criteria[${i}].holdS`, rule.holdS, 0, 86400, 's');
    if (!rule.title) found.push({ field: `criteria[${i}].title`, message: `criteria[${i}].title has 0 characters, 1 to 400 are possible` });
  });
  within('observation.leastS', body.observation?.leastS, 0, 604800, 's');
  within('preTriggerS', body.preTriggerS, 1, 600, 's');
  return found;
};
