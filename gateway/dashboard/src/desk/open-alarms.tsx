// Open alarms: incidents or single alarms, filtered, worked through by pointer, finger or keys.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Alarm } from '../api/types';
import { alarmKey, compareAlarms, isAside, isOpen, needsAcknowledgement, ownerWords, ruleWords } from '../logic/alarms';
import { filterOf, isFiltered, isOfAside, type AlarmFilter } from '../logic/alarm-filter';
import { casesOf, type Case } from '../logic/cases';
import { priorityOf, priorityRank, priorityWords, severityOf } from '../logic/priorities';
import { AlarmDialog, type AlarmAct, type AlarmQuestion } from '../parts/alarm-dialog';
import { AlarmTable, type Selection } from '../parts/alarm-table';
import { SeverityIcon } from '../parts/icons';
import { useBenches } from '../state/benches';
import { useInUse, useSettled } from '../state/hold';
import { usePerson } from '../state/person';
import { alarmHref } from '../state/route';
import { store, useStore } from '../state/store';
import { Aside } from './aside';
import { CaseRow } from './case-row';
import { FilterBar } from './filter-bar';
import { useDeskKeys } from './keys';

/** Rows drawn; more are counted, not drawn. */
const rowsMax = 200;

/** Alarms drawn below an incident before "show all". */
const insideMax = 50;

interface OpenAlarmsProps {
  readonly view: 'incidents' | 'list';
  readonly filter: AlarmFilter;
  readonly onFilter: (filter: AlarmFilter) => void;
}

export function OpenAlarms({ view: asked, filter, onFilter }: OpenAlarmsProps): JSX.Element {
  const ofAside = isOfAside(filter);
  // What is put aside belongs to no incident that is worked on.
  const view = ofAside ? 'list' : asked;
  const alarms = useStore((state) => state.alarms);
  const incidents = useStore((state) => state.incidents);
  const benches = useBenches();
  const { mayAct } = usePerson();
  const [question, setQuestion] = useState<AlarmQuestion | null>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const held = useInUse(list) || question !== null;
  useEffect(() => store.wantIncidents(), []);

  const passes = useMemo(() => filterOf(filter, benches), [filter, benches]);
  const known = useMemo(() => [...alarms.values()], [alarms]);
  const cases = useMemo(() => (view === 'incidents' ? casesOf(known, incidents, benches).filter((one) => one.alarms.some(passes)) : []), [view, known, incidents, benches, passes]);
  const flat = useMemo(() => (view === 'list' ? known.filter((alarm) => passes(alarm) && (ofAside || !isAside(alarm))).sort(compareAlarms) : []), [view, known, passes, ofAside]);
  const about = `${view} ${JSON.stringify(filter)}`;
  const shownCases = useSettled(cases, (one) => one.key, held, about);
  const shownAlarms = useSettled(flat, alarmKey, held, about);
  const waiting = view === 'incidents' ? shownCases.waiting.map((one) => one.head) : shownAlarms.waiting;

  const toggle = (set: ReadonlySet<string>, key: string): Set<string> => new Set(set.has(key) ? [...set].filter((other) => other !== key) : [...set, key]);
  const selection: Selection = { has: (key) => chosen.has(key), toggle: (key) => setChosen((before) => toggle(before, key)) };
  const alarmsOf = (key: string): readonly Alarm[] => {
    const one = cases.find((other) => other.key === key);
    const alarm = alarms.get(key);
    return one ? one.alarms : alarm && isOpen(alarm) ? [alarm] : [];
  };
  const selected = [...new Map([...chosen].flatMap(alarmsOf).map((alarm) => [alarmKey(alarm), alarm])).values()];
  const ask = (act: AlarmAct, of: readonly Alarm[]): void => {
    const fit = act === 'acknowledge' ? of.filter(needsAcknowledgement) : of;
    if (mayAct && fit.length > 0) {
      setQuestion({ act, alarms: fit });
    }
  };
  const askWhole = (one: Case): void =>
    one.incident === null ? ask('acknowledge', one.alarms) : setQuestion({ act: 'acknowledge', alarms: one.alarms.filter(needsAcknowledgement), incident: one.incident, count: one.unacknowledged });
  const act = (of: AlarmAct, alarm: Alarm): void => ask(of, [alarm]);

  useDeskKeys({
    open: (key) => {
      const one = cases.find((other) => other.key === key);
      if (one && one.alarmCount > 1) {
        setExpanded((before) => toggle(before, key));
      } else {
        const alarm = one?.head ?? alarms.get(key);
        location.hash = alarm ? alarmHref(alarm) : location.hash;
      }
    },
    acknowledge: (key) => {
      const one = cases.find((other) => other.key === key);
      if (selected.length > 0) {
        ask('acknowledge', selected);
      } else if (one && mayAct && one.unacknowledged > 0) {
        askWhole(one);
      } else if (key !== null) {
        ask('acknowledge', alarmsOf(key));
      }
    },
    shelve: (key) => ask('shelve', selected.length > 0 ? selected : key === null ? [] : alarmsOf(key)),
    select: (key) => mayAct && selection.toggle(key),
    search: () => search.current?.focus(),
  });

  const rowCount = view === 'incidents' ? shownCases.rows.length : shownAlarms.rows.length;
  return (
    <>
      <FilterBar filter={filter} alarms={known.filter(isOpen)} benches={benches} search={search} onChange={onFilter} />
      <Waiting alarms={waiting} onShow={view === 'incidents' ? shownCases.letIn : shownAlarms.letIn} />
      <div ref={list} class="desk-list">
        {rowCount === 0 ? <Nothing filtered={isFiltered(filter)} /> : view === 'incidents' ? (
          <ol class="cases" aria-label="Open incidents, the most urgent first">
            {shownCases.rows.slice(0, rowsMax).map(({ key, item, gone }) => (
              <CaseRow key={key} of={item} gone={gone} expanded={expanded.has(key)} selection={selection} onExpand={() => setExpanded((before) => toggle(before, key))} onAcknowledge={() => askWhole(item)} onAct={act}>
                {expanded.has(key) ? <Inside of={item} selection={selection} onAct={act} /> : null}
              </CaseRow>
            ))}
          </ol>
        ) : (
          <AlarmTable alarms={shownAlarms.rows.slice(0, rowsMax).map((row) => row.item)} gone={new Set(shownAlarms.rows.filter((row) => row.gone).map((row) => row.key))} onAcknowledge={(alarm) => act('acknowledge', alarm)} onAct={act} selection={selection} />
        )}
        {rowCount > rowsMax ? <p class="waiting">{rowCount - rowsMax} more are not drawn here; the filters reach them.</p> : null}
      </div>
      {ofAside ? null : <Aside alarms={known} passes={passes} onAct={act} />}
      {selected.length > 0 ? (
        <div class="selected" role="group" aria-label="Selected alarms">
          <b>{selected.length} selected</b>
          <button type="button" class="primary" disabled={!selected.some(needsAcknowledgement)} onClick={() => ask('acknowledge', selected)}>Acknowledge</button>
          <button type="button" onClick={() => ask('shelve', selected)}>Shelve</button>
          <button type="button" class="plain" onClick={() => setChosen(new Set())}>Select none</button>
        </div>
      ) : null}
      {question ? <AlarmDialog {...question} onClose={() => setQuestion(null)} onDone={() => setChosen(new Set())} /> : null}
    </>
  );
}

function Inside({ of, selection, onAct }: { readonly of: Case; readonly selection: Selection; readonly onAct: (act: AlarmAct, alarm: Alarm) => void }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? of.all.slice(0, rowsMax) : of.all.slice(0, insideMax);
  return (
    <div class="inside">
      <AlarmTable alarms={shown} onAcknowledge={(alarm) => onAct('acknowledge', alarm)} onAct={onAct} selection={selection} caption="Alarms of the incident." />
      {of.all.length > shown.length ? <p class="waiting">{all ? `${of.all.length - shown.length} more are in the list.` : <button type="button" class="plain" onClick={() => setAll(true)}>Show all {of.all.length}</button>}</p> : null}
    </div>
  );
}

/** What has come since the list is held still; the gravest is named, so that holding the list hides no emergency. */
function Waiting({ alarms, onShow }: { readonly alarms: readonly Alarm[]; readonly onShow: () => void }): JSX.Element | null {
  const worst = alarms.reduce<Alarm | null>((worse, alarm) => (worse && priorityRank[priorityOf(worse)] >= priorityRank[priorityOf(alarm)] ? worse : alarm), null);
  return (
    <div class="fresh" aria-live="polite">
      {worst ? (
        <button type="button" class={`sev-${severityOf[priorityOf(worst)]}`} onClick={onShow}>
          <SeverityIcon severity={severityOf[priorityOf(worst)]} /><b>{alarms.length} new</b> {priorityWords[priorityOf(worst)]}: {ownerWords(worst.cell)}, {ruleWords(worst.rule)}
        </button>
      ) : null}
    </div>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }): JSX.Element {
  const known = useStore((state) => state.alarmsKnown);
  const live = useStore((state) => state.link.kind === 'live');
  return (
    <section class="empty">
      <h2>{!known ? 'Alarms not known' : filtered ? 'No alarm is like that' : 'No open alarm'}</h2>
      <p>{!known ? 'The gateway has not been asked yet, or did not answer.' : filtered ? 'Others may be open: the filters above hide them.' : live ? 'Nothing is out of limits, and nothing waits to be acknowledged.' : 'So it was when the gateway was last heard; the connection is lost.'}</p>
    </section>
  );
}
