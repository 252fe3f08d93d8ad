// What a comparison needs of its cells, asked for a few at a time.
import { useEffect, useState } from 'preact/hooks';
import { cellApi } from '../api/cell';
import { mostCells, type Subject } from '../logic/cohort';
import { sentenceOf } from '../state/answer';

/** Cells asked for at once; each takes three requests. */
const atOnce = 2;

export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly errors: readonly string[];
  readonly waiting: number;
}

async function read(cell: string, signal: AbortSignal): Promise<Subject> {
  const standing = await cellApi.standing(cell, null, signal);
  const [cycles, pulses] = await Promise.all([cellApi.cycles(cell, standing.test, signal), cellApi.pulses(cell, standing.test, signal)]);
  return { cell, test: standing.test, profile: standing.profile, cycles, pulses, standing };
}

/** Subjects in the order of their names in the link; those that are there already are kept. `tick` asks for all of them anew. */
export function useSubjects(cells: readonly string[], tick: number): Subjects {
  const [known, setKnown] = useState<ReadonlyMap<string, Subject>>(new Map());
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const key = cells.join();
  useEffect(() => {
    const controller = new AbortController();
    const queue = cells.slice(0, mostCells);
    const work = async (): Promise<void> => {
      for (let cell = queue.shift(); cell !== undefined && !controller.signal.aborted; cell = queue.shift()) {
        const name = cell;
        try {
          const subject = await read(name, controller.signal);
          setKnown((before) => new Map(before).set(name, subject));
          setErrors((before) => new Map([...before].filter(([other]) => other !== name)));
        } catch (cause) {
          if (!controller.signal.aborted) {
            setErrors((before) => new Map(before).set(name, `${name}: ${sentenceOf(cause)}`));
          }
        }
      }
    };
    for (let worker = 0; worker < atOnce; worker += 1) {
      void work();
    }
    return () => controller.abort();
  }, [key, tick]);
  const subjects = cells.map((cell) => known.get(cell)).filter((subject) => subject !== undefined);
  const failed = cells.map((cell) => errors.get(cell)).filter((error) => error !== undefined);
  return { subjects, errors: failed, waiting: cells.length - new Set([...subjects.map(({ cell }) => cell), ...cells.filter((cell) => errors.has(cell))]).size };
}
