// Who changed what and when; refused sign-ins too. The newest first, older ones on request.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { access } from '../api/access';
import type { AuditLine } from '../api/access-types';
import { clock } from '../state/clock';
import { Said, useWork } from './work';

const pageSize = 50;
/** More are to be read with the API; a page with everything would not be readable. */
const mostShown = 1000;

export function AuditTrail(): JSX.Element {
  const [lines, setLines] = useState<readonly AuditLine[] | null>(null);
  const [isAll, setAll] = useState(false);
  const work = useWork();
  const more = async (from: readonly AuditLine[]): Promise<void> => {
    const next = await access.audit(from.at(-1)?.id ?? null, pageSize);
    setLines([...from, ...next]);
    setAll(next.length < pageSize || from.length + next.length >= mostShown);
  };
  useEffect(() => void work.run(() => more([])), []);
  return (
    <section class="panel" aria-labelledby="audit-title">
      <div class="panel-head">
        <h2 id="audit-title">Audit trail</h2>
        <div class="tools"><button type="button" disabled={work.busy} onClick={() => void work.run(() => more([]))}>Read again</button></div>
      </div>
      <p>Every change that somebody made, and every refused sign-in. Nobody can change or delete a line.</p>
      {lines === null ? null : (
        <table class="stacked">
          <caption class="visually-hidden">Audit trail, newest first. Times in {clock.zoneName}.</caption>
          <thead><tr><th scope="col">When <span class="zone">{clock.zoneName}</span></th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Of</th><th scope="col">More</th></tr></thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <td class="when">{clock.day(line.at)} {clock.timeOfDay(line.at)}</td>
                <td>{line.person}</td>
                <td class="audit-action">{line.action}</td>
                <td>{line.target}</td>
                <td>{line.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Said work={work} />
      {lines === null || isAll ? null : <button type="button" disabled={work.busy} onClick={() => void work.run(() => more(lines))}>Older lines</button>}
    </section>
  );
}
