// What each rule looks at, for whoever asks why an alarm is there. Levels are not repeated here: the alarm says its own.

const texts: Readonly<Record<string, string>> = {
  'capacity-fade': 'Discharge capacity is compared with the first comparable cycle, or with the profile’s reference curve. It is raised when it has fallen below the end-of-life share or departs from the curve, over several cycles.',
  'polarization-rise': 'The gap between mean charge and mean discharge voltage is compared with the first comparable cycles. A growing gap at the same rate means growing resistance.',
  'resistance-rise': 'Resistance from voltage steps at changes of current is compared with the first ones at similar state of charge.',
  'ce-collapse': 'Discharge charge over charge charge of whole cycles. A fall that counting errors cannot explain means that lithium is consumed or that the cell leaks inside.',
  'soft-short': 'Charge that goes in and does not come out, voltage that falls faster at rest than before, or charging that does not come to its end.',
  'hard-short': 'A sudden fall of voltage that no change of current explains.',
  'voltage-limit': 'Each live sample’s voltage against the window of the profile and of the test.',
  'thermal-limit': 'Each live temperature, surface and infrared, against the limit of the profile and of the test.',
  'heating-rate': 'How fast the surface warms beyond what ambient does. A cell that heats by itself does so before it is hot.',
  'heat-residual': 'Heat that the current and the resistance do not explain, from the heat balance of the cell with its surroundings.',
  'thermal-runaway': 'Temperature, its rise, and voltage taken together, also where a sensor has been lost meanwhile. It latches: it does not end by itself.',
  'sensor-fault': 'A sensor that is missing, shorted, frozen or at the end of its scale where one was. Loss of a sensor in an armed or anomalous cell never hides danger.',
  'bad-reading': 'Readings that are not plausible, or disagree with each other more than their uncertainty allows.',
  silence: 'No sample has arrived for longer than the time configured. Nothing is known of the cell since.',
  storage: 'The gateway cannot write what arrives. Nodes keep their samples; limits are still judged.',
  'forwarder-lag': 'Stored data have not reached the time-series server for longer than the time configured. They wait in the journal.',
  quarantine: 'Messages that could not be understood are kept and counted, and not judged.',
  clock: 'A node’s clock and the gateway’s differ by more than the times of its samples may.',
  'node-backlog': 'A node holds samples that it could not send, or has had to drop some.',
  protection: 'The node has opened its relay by itself, by its own limits or by its comparator.',
  delivery: 'Messages about alarms do not reach one of the addresses they are to go to.',
};

export const ruleText = (rule: string): string => texts[rule] ?? 'This dashboard has no words for this rule; the message above is the gateway’s own.';
