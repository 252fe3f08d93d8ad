// The form of a profile, made from what the gateway says a profile holds. The gateway checks it as one types, by the rules
// with which it reads profile files.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { setupApi } from '../api/setup';
import type { ProfileBody, ProfileFields, ProfileProblem, ProfileView } from '../api/setup-types';
import { curveOf, curveText, figureProblem, numberOf, shownUnit } from '../logic/setup';
import { Field } from './field';
import { usePerson } from './person';
import { kindWords } from './profile-shown';

/** Wait after the last key before the gateway is asked. */
const checkMilliseconds = 300;

interface EditorProps {
  readonly start: ProfileBody;
  readonly version: number;
  readonly fields: ProfileFields;
  readonly onSaved: (view: ProfileView) => void;
  readonly onCancel: () => void;
}

export function ProfileEditor({ start, version, fields, onSaved, onCancel }: EditorProps): JSX.Element {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() => textsOf(start, fields));
  const [problems, setProblems] = useState<readonly ProfileProblem[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const person = usePerson();
  const body = useMemo(() => bodyOf(texts, fields), [texts, fields]);
  const put = (field: string) => (text: string): void => setTexts((before) => ({ ...before, [field]: text }));

  useEffect(() => {
    let isOver = false;
    const timer = window.setTimeout(() => void setupApi.check(body).then((answer) => isOver || setProblems(answer.problems), () => {}), checkMilliseconds);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [body]);

  const problemOf = (field: string): string | null => problems.find((problem) => problem.field === field)?.message ?? null;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (texts['name'] === '' || person.name === '') {
      setError(texts['name'] === '' ? 'Name the profile.' : 'Write your name.');
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { problems: found } = await setupApi.check(body);
      setProblems(found);
      if (found.length > 0) {
        setBusy(false);
        document.querySelector<HTMLElement>(`.editor [name='${found[0]?.field ?? ''}']`)?.focus();
        return;
      }
      const view = await setupApi.save(String(body['name']), body, version, person.name);
      person.keep();
      onSaved(view);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  };

  return (
    <form class="panel editor" aria-label="Profile" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{version === 0 ? 'New profile' : `Version ${version + 1} of ${texts['name'] ?? ''}`}</h2>
      <div class="pair">
        <Field id="name" label="Name" value={texts['name'] ?? ''} onInput={put('name')} problem={texts['name'] === '' ? null : problemOf('name')} required maxLength={64} readOnly={version > 0} />
        <div class="field"><label for="kind">Kind</label>
          <select id="kind" name="kind" value={texts['kind']} onChange={(event) => put('kind')(event.currentTarget.value)}>{Object.entries(kindWords).map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}</select></div>
      </div>
      <Field id="description" label="What it is, and where its figures come from" value={texts['description'] ?? ''} onInput={put('description')} problem={problemOf('description')} rows={2} />
      <div class="figures">
        {fields.figures.map((figure) => (
          <Field key={figure.name} id={figure.name} label={figure.title} unit={shownUnit(figure.unit)} value={texts[figure.name] ?? ''} onInput={put(figure.name)} numeric
            hint={`${figure.meaning} ${figure.least} to ${figure.most}${figure.unit === '' ? '' : ` ${shownUnit(figure.unit)}`}; empty ${figure.unit === '' ? 'for the usual' : 'where not known'}.`}
            problem={figureProblem(figure, texts[figure.name] ?? '') ?? problemOf(figure.name)} />))}
      </div>
      <div class="pair">
        <Field id="referenceRetention" label="Known fade" rows={4} value={texts['referenceRetention'] ?? ''} onInput={put('referenceRetention')} problem={problemOf('referenceRetention')} hint="A line for each point: cycle, share of the reference capacity. Then only departure from it warns." />
        <Field id="referencePolarization" label="Known growth of polarization" rows={4} value={texts['referencePolarization'] ?? ''} onInput={put('referencePolarization')} problem={problemOf('referencePolarization')} hint="A line for each point: cycle, gap over that of the reference cycle." />
      </div>
      <Field id="rules" label="Changed rules" rows={4} value={texts['rules'] ?? ''} onInput={put('rules')} problem={problemOf('rules')} hint={'JSON such as {"polarization-rise/polarization": {"raise": 0.3}}; the rows are listed below. Rules against immediate danger follow the limits above.'} />
      <details><summary>Rules that can be changed</summary>
        <div class="scroll" role="region" aria-label="Rules that can be changed, scrollable" tabIndex={0}><table><thead><tr><th scope="col">Row</th><th scope="col" class="num">Raise</th><th scope="col" class="num">Clear</th><th scope="col" class="num">Hold</th><th scope="col">Severity</th></tr></thead>
          <tbody>{fields.rules.map((rule) => <tr key={rule.row}><th scope="row">{rule.row}</th><td class="num">{rule.raise ?? '–'} {rule.unit}</td><td class="num">{rule.clear ?? '–'}</td><td class="num">{rule.hold ?? '–'}</td><td>{rule.severity}</td></tr>)}</tbody></table></div>
      </details>
      {person.field}
      <p class="form-error" role="alert">{error ?? problemOf('')}</p>
      <div class="buttons">
        <button type="button" onClick={onCancel}>Cancel</button>
        <button type="submit" class="primary" disabled={busy}>{busy ? 'Asking the gateway' : version === 0 ? 'Save' : `Save version ${version + 1}`}</button>
      </div>
    </form>
  );
}

function textsOf(body: ProfileBody, fields: ProfileFields): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const field of ['name', 'description', 'kind', ...fields.figures.map((figure) => figure.name)]) {
    const value = body[field];
    texts[field] = value === null || value === undefined ? '' : String(value);
  }
  texts['kind'] = texts['kind'] === '' ? 'full' : texts['kind'] ?? 'full';
  texts['referenceRetention'] = curveText(body['referenceRetention']);
  texts['referencePolarization'] = curveText(body['referencePolarization']);
  texts['rules'] = body['rules'] ? JSON.stringify(body['rules'], null, 1) : '';
  // What no field is made for is shown by the gateway as a problem, not lost without a word.
  texts['unknown'] = JSON.stringify(Object.fromEntries(Object.entries(body).filter(([field]) => !(field in texts))));
  return texts;
}

function bodyOf(texts: Readonly<Record<string, string>>, fields: ProfileFields): ProfileBody {
  const body: Record<string, unknown> = { ...(JSON.parse(texts['unknown'] ?? '{}') as ProfileBody), name: (texts['name'] ?? '').trim(), description: (texts['description'] ?? '').trim(), kind: texts['kind'] };
  for (const figure of fields.figures) {
    const text = texts[figure.name] ?? '';
    const value = numberOf(text);
    body[figure.name] = value !== null && Number.isNaN(value) ? text : value;
  }
  body['referenceRetention'] = curveOf(texts['referenceRetention'] ?? '');
  body['referencePolarization'] = curveOf(texts['referencePolarization'] ?? '');
  const rules = (texts['rules'] ?? '').trim();
  if (rules !== '') {
    try {
      body['rules'] = JSON.parse(rules) as unknown;
    } catch {
      body['rules'] = rules;
    }
  }
  return body;
}
