// Labelled fields of the delivery page; what is wrong stands below the field and is tied to it.
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly children: (attributes: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ComponentChildren;
}

export function Field({ label, hint, problem, children }: FieldProps): JSX.Element {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-invalid': problem !== undefined, 'aria-describedby': described === '' ? undefined : described })}
      {hint ? <span class="hint" id={`${id}-hint`}>{hint}</span> : null}
      {problem ? <span class="field-problem" id={`${id}-problem`}>{problem}</span> : null}
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly type?: 'text' | 'email' | 'url' | 'password' | 'time';
  readonly placeholder?: string;
  readonly maxLength?: number;
}

export function TextField({ label, value, onChange, hint, problem, type = 'text', placeholder, maxLength = 255 }: TextProps): JSX.Element {
  return (
    <Field label={label} problem={problem} {...(hint ? { hint } : {})}>
      {(attributes) => <input {...attributes} type={type as 'text'} value={value} placeholder={placeholder} maxLength={maxLength} autocomplete="off" spellcheck={false} onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
  readonly hint?: string;
}

export function NumberField({ label, value, least, most, onChange, hint }: NumberProps): JSX.Element {
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(attributes) => <input {...attributes} type="number" min={least} max={most} step={1} required value={value} onInput={(event) => onChange(Math.round(event.currentTarget.valueAsNumber || 0))} />}
    </Field>
  );
}

/** A secret is never shown: the field is empty, and what is typed takes the place of what is stored. */
export function SecretField({ label, value, stored, onChange, hint, problem, visible = false }: {
  readonly label: string;
  readonly value: string | null;
  /** Whether the gateway has one. */
  readonly stored: boolean;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly visible?: boolean;
}): JSX.Element {
  const typed = value === null || value === 'set' || value === 'unset' ? '' : value;
  return (
    <TextField
      label={label} problem={problem} type={visible ? 'url' : 'password'} value={typed} maxLength={1000} {...(hint ? { hint } : {})}
      placeholder={stored ? 'stored; type to replace it' : ''} onChange={(text) => onChange(text === '' ? (stored ? 'set' : 'unset') : text)}
    />
  );
}

export function Choice<T extends string>({ label, value, options, words, onChange, hint }: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
  readonly hint?: string;
}): JSX.Element {
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
          {options.map((option) => <option key={option} value={option}>{words[option]}</option>)}
        </select>
      )}
    </Field>
  );
}
