// One of a few, as radio buttons that look like a switch: arrow keys move within it, and it takes one stop of the Tab key.
import type { JSX } from 'preact';

interface ChoiceProps<T extends string> {
  /** Unique on the page. */
  readonly name: string;
  readonly legend: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
  /** For a legend that its place on the page tells already. */
  readonly hidesLegend?: boolean;
}

export function Choice<T extends string>({ name, legend, options, chosen, onChoose, hidesLegend = false }: ChoiceProps<T>): JSX.Element {
  return (
    <fieldset class="choice">
      <legend class={hidesLegend ? 'visually-hidden' : ''}>{legend}</legend>
      <div class="choice-options">
        {options.map(([value, words]) => (
          <label key={value}>
            <input type="radio" class="visually-hidden" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />
            <span>{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
