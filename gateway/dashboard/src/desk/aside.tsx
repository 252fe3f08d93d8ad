// What asks for nobody at present: shelved by a person until a time, or suppressed by design. Folded, counted, never hidden.
import type { JSX } from 'preact';
import type { Alarm } from '../api/types';
import { alarmKey, isOpen, ownerWords, ruleWords } from '../logic/alarms';
import { priorityOf, priorityWords } from '../logic/priorities';
import type { AlarmAct } from '../parts/alarm-dialog';
import { AlarmButtons } from '../parts/alarm-table';
import { SeverityIcon } from '../parts/icons';
import { Remaining } from '../parts/ticking';
import { clock, nowSeconds } from '../state/clock';
import { usePerson } from '../state/person';
import { alarmHref } from '../state/route';

interface AsideProps {
  readonly alarms: readonly Alarm[];
  readonly passes: (alarm: Alarm) => boolean;
  readonly onAct: (act: AlarmAct, alarm: Alarm) => void;
}

/** Rows drawn in each section. */
const rowsMax = 200;

export function Aside({ alarms, passes, onAct }: AsideProps): JSX.Element {
  const open = alarms.filter((alarm) => isOpen(alarm) && passes(alarm));
  const shelved = open.filter((alarm) => alarm.shelf).sort((a, b) => (a.shelf?.until ?? 0) - (b.shelf?.until ?? 0));
  const suppressed = open.filter((alarm) => alarm.suppressedBecause && !alarm.shelf);
  return (
    <>
      <Folded title="Shelved" hint="put aside by a person; the one that comes back first is on top" alarms={shelved} onAct={onAct} />
      <Folded title="Suppressed by design" hint="judged and recorded, but not asking for anybody" alarms={suppressed} onAct={null} />
    </>
  );
}

function Folded({ title, hint, alarms, onAct }: { readonly title: string; readonly hint: string; readonly alarms: readonly Alarm[]; readonly onAct: AsideProps['onAct'] | null }): JSX.Element | null {
  const now = nowSeconds();
  const { mayAct } = usePerson();
  if (alarms.length === 0) {
    return null;
  }
  return (
    <details class="panel folded">
      <summary><h2>{title} <b>{alarms.length}</b></h2> <span class="hint">{hint}</span></summary>
      <ul>
        {alarms.slice(0, rowsMax).map((alarm) => (
          <li key={alarmKey(alarm)} class={`put-aside sev-${alarm.severity}`} data-alarm={alarm.id} data-state={alarm.state} data-row={alarmKey(alarm)} tabIndex={-1}>
            <span class="chip"><SeverityIcon severity={alarm.severity} filled={false} />{priorityWords[priorityOf(alarm)]}</span>
            <span class="put-what"><b>{ownerWords(alarm.cell)}</b> <a class="what" href={alarmHref(alarm)}>{ruleWords(alarm.rule)}</a><span class="message">{alarm.message}</span></span>
            <span>{alarm.shelf ? <>until <time title={clock.full(alarm.shelf.until)}>{clock.moment(alarm.shelf.until, now)}</time>, <Remaining until={alarm.shelf.until} /><span class="since">{alarm.shelf.by}: {alarm.shelf.reason}</span></> : alarm.suppressedBecause}</span>
            {onAct && mayAct ? <AlarmButtons alarm={alarm} onAct={onAct} all /> : null}
          </li>
        ))}
      </ul>
      {alarms.length > rowsMax ? <p class="waiting">{alarms.length - rowsMax} more are not drawn.</p> : null}
    </details>
  );
}
