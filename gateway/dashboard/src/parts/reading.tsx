// One measured value with its unit, or its absence with the reason.
import type { JSX } from 'preact';
import type { Cell } from '../api/types';
import { columnWords, faultLabel, faultOf, faultWords } from '../logic/cells';
import { dash } from '../logic/format';

interface ReadingProps {
  readonly cell: Cell;
  readonly column: string;
  readonly value: number | null;
  readonly format: (value: number | null) => string;
  readonly unit: string;
}

/** Number and unit. A faulty sensor shows its state in words; a value that is carried but not believed is marked so. */
export function Reading({ cell, column, value, format, unit }: ReadingProps): JSX.Element {
  const fault = faultOf(cell, column);
  if (value === null) {
    const why = fault ? faultWords(fault) : cell.time === null ? 'no sample has arrived yet' : 'no such sensor, or nothing was recorded';
    return (
      <span class={`reading is-absent ${fault && fault !== 'absent' ? 'is-faulty' : ''}`} data-column={column} title={`${columnWords(column)}: no reading, ${why}.`}>
        <span aria-hidden="true">{dash}</span>
        <span class="why">{fault ? faultLabel(fault) : 'no reading'}</span>
      </span>
    );
  }
  return (
    <span class={fault ? 'reading is-doubted' : 'reading'} data-column={column} title={fault ? `${columnWords(column)}: not believed, ${faultWords(fault)}.` : undefined}>
      <span class="number">{format(value)}</span>
      <span class="unit">{unit}</span>
      {fault ? <span class="why">{faultLabel(fault)}</span> : null}
    </span>
  );
}
