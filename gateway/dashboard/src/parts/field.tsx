// One labelled input with its unit, its explanation and what is wrong with it, tied together for those who do not see them.
import type { JSX } from 'preact';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  readonly hint?: string | undefined;
  readonly problem?: string | null;
  readonly value: string;
  readonly onInput: (text: string) => void;
  readonly placeholder?: string;
  readonly list?: string;
  readonly required?: boolean;
  readonly numeric?: boolean;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
}

export function Field(props: FieldProps): JSX.Element {
  const { id, label, unit = '', hint, problem = null, value, onInput, rows } = props;
  const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter((part) => part !== '').join(' ') || undefined;
  const common = {
    id, name: id, value, placeholder: props.placeholder, required: props.required, maxLength: props.maxLength, readOnly: props.readOnly,
    'aria-describedby': described, 'aria-invalid': problem ? true : undefined, autocomplete: 'off', spellcheck: false,
  } as const;
  return (
    <div class={`field ${problem ? 'is-wrong' : ''}`}>
      <label for={id}>{label}{unit === '' ? null : <span class="unit"> {unit}</span>}</label>
      {rows ? (
        <textarea {...common} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...common} type="text" inputMode={props.numeric ? 'decimal' : 'text'} list={props.list} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {hint ? <p id={`${id}-hint`} class="hint">{hint}</p> : null}
      <p id={`${id}-problem`} class="form-error" aria-live="polite">{problem}</p>
    </div>
  );
}
