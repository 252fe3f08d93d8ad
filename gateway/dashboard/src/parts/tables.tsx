// Findings and cycles of one cell as tables.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Cycle, Finding } from '../api/types';
import { hazardWords, ruleWords, severityWords } from '../logic/alarms';
import { qualityWords } from '../logic/cycles';
import { ampereHours, celsius, fixed, inUnit, millivolts, percent, gap, unitSymbol } from '../logic/format';
import { clock, useNow } from '../state/clock';
import { SeverityIcon } from './icons';

/** Rows drawn before "show all". */
const rowsMax = 12;

export function FindingTable({ findings, isRead, error }: { readonly findings: readonly Finding[]; readonly isRead: boolean; readonly error: string | null }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const sorted = [...findings].sort((a, b) => b.time - a.time);
  const [shown, more] = useLimit(sorted);
  return (
    <section class="panel" aria-labelledby="findings">
      <header class="panel-head"><h2 id="findings">Findings</h2><p class="hint">{findings.length === 0 ? '' : `${findings.length}, newest first`}</p></header>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {findings.length === 0 ? <p class="waiting">{isRead ? 'No rule has found anything in this test.' : 'Reading findings.'}</p> : (
        <div class="scroll" role="region" aria-label="Findings, scrollable" tabIndex={0}><table>
          <thead><tr><th scope="col">Severity</th><th scope="col">What</th><th scope="col" class="num">Value</th><th scope="col" class="num">Limit</th><th scope="col" class="num">Cycle</th><th scope="col">Since <span class="zone">{clock.zoneName}</span></th><th scope="col">Until</th></tr></thead>
          <tbody>{shown.map((finding) => (
            <tr key={finding.id} class={`sev-${finding.severity}`}>
              <td><span class="chip"><SeverityIcon severity={finding.severity} filled={!finding.cleared} size={16} />{severityWords[finding.severity]}</span></td>
              <td class="cell-what"><b>{ruleWords(finding.rule)}</b><span class="message">{finding.message}{hazardWords(finding)}</span></td>
              <td class="num">{inUnit(finding.observed, finding.unit)}{finding.observed === null ? '' : gap + unitSymbol(finding.unit)}</td>
              <td class="num">{inUnit(finding.limit, finding.unit)}{finding.limit === null ? '' : gap + unitSymbol(finding.unit)}</td>
              <td class="num">{finding.cycle ?? '–'}</td>
              <td class="when" title={clock.full(finding.time)}>{clock.moment(finding.time, now)}</td>
              <td class="when">{finding.cleared ? clock.moment(finding.cleared, now) : finding.latches ? 'latched' : 'holds'}</td>
            </tr>))}
          </tbody>
        </table></div>
      )}
      {more}
    </section>
  );
}

const plusMinus = (deviation: number | null, words: (value: number) => string): JSX.Element | null =>
  (deviation ? <span class="plus-minus"> ± {words(deviation)}</span> : null);

export function CycleTable({ cycles, isRead, error }: { readonly cycles: readonly Cycle[]; readonly isRead: boolean; readonly error: string | null }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const sorted = [...cycles].sort((a, b) => b.index - a.index);
  const [shown, more] = useLimit(sorted);
  return (
    <section class="panel" aria-labelledby="cycle-table">
      <header class="panel-head"><h2 id="cycle-table">Cycle table</h2><p class="hint">{cycles.length === 0 ? '' : `${cycles.length}, newest first${cycles.some((cycle) => cycle.chargeCapacityUncertaintyAh ?? cycle.dischargeCapacityUncertaintyAh) ? '; ± is one standard uncertainty (k = 1)' : ''}`}</p></header>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      {cycles.length === 0 ? <p class="waiting">{isRead ? 'No cycle is complete yet. One ends when the discharge after a charge ends.' : 'Reading cycles.'}</p> : (
        <div class="scroll" role="region" aria-label="Cycle table, scrollable" tabIndex={0}><table>
          <thead><tr>
            <th scope="col" class="num">Cycle</th><th scope="col">Start <span class="zone">{clock.zoneName}</span></th>
            <th scope="col" class="num">Charge <span class="zone">Ah</span></th><th scope="col" class="num">Discharge <span class="zone">Ah</span></th>
            <th scope="col" class="num">CE <span class="zone">%</span></th><th scope="col" class="num">Polarization <span class="zone">mV</span></th>
            <th scope="col" class="num">Mean charge <span class="zone">V</span></th><th scope="col" class="num">Mean discharge <span class="zone">V</span></th>
            <th scope="col" class="num">Hottest <span class="zone">°C</span></th><th scope="col">Quality</th>
          </tr></thead>
          <tbody>{shown.map((cycle) => (
            <tr key={cycle.index}>
              <th scope="row" class="num">{cycle.index}</th>
              <td class="when">{cycle.start === null ? '–' : clock.moment(cycle.start, now)}</td>
              <td class="num">{ampereHours(cycle.chargeCapacityAh)}{plusMinus(cycle.chargeCapacityUncertaintyAh, ampereHours)}</td>
              <td class="num">{ampereHours(cycle.dischargeCapacityAh)}{plusMinus(cycle.dischargeCapacityUncertaintyAh, ampereHours)}</td>
              <td class="num">{percent(cycle.coulombicEfficiency, 2)}{plusMinus(cycle.coulombicEfficiencyUncertainty, (value) => percent(value, 2))}</td>
              <td class="num">{millivolts(cycle.polarizationV)}{plusMinus(cycle.polarizationUncertaintyV, millivolts)}</td>
              <td class="num">{fixed(cycle.meanChargeVoltageV, 4)}</td>
              <td class="num">{fixed(cycle.meanDischargeVoltageV, 4)}</td>
              <td class="num">{celsius(cycle.maxTemperatureC)}</td>
              <td title={cycle.qualityReason ?? undefined}>{qualityWords(cycle.quality)}{cycle.revision > 0 ? `, corrected ${cycle.revision}×` : ''}</td>
            </tr>))}
          </tbody>
        </table></div>
      )}
      {more}
    </section>
  );
}

function useLimit<T>(rows: readonly T[]): readonly [readonly T[], JSX.Element | null] {
  const [all, setAll] = useState(false);
  if (rows.length <= rowsMax || all) {
    return [rows, null];
  }
  return [rows.slice(0, rowsMax), <p class="waiting"><button type="button" class="plain" onClick={() => setAll(true)}>Show all {rows.length}</button></p>];
}
