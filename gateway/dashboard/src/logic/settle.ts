// A list that does not jump under the pointer: while it is held, rows stay where they are and new ones wait to be let in.

export interface Row<T> {
  readonly key: string;
  readonly item: T;
  /** No longer in the list; kept in its place until the list is let go. */
  readonly gone: boolean;
}

export interface Settled<T> {
  readonly rows: readonly Row<T>[];
  /** New since the list is held, in their order. */
  readonly waiting: readonly T[];
}

/** The rows to draw: those of before in their places with what is known now, where `held`; else the list as it is. */
export function settle<T>(before: readonly Row<T>[], items: readonly T[], keyOf: (item: T) => string, held: boolean): Settled<T> {
  if (!held || before.length === 0) {
    return { rows: items.map((item) => ({ key: keyOf(item), item, gone: false })), waiting: [] };
  }
  const now = new Map(items.map((item) => [keyOf(item), item]));
  const rows = before.map(({ key, item }) => {
    const known = now.get(key);
    now.delete(key);
    return known === undefined ? { key, item, gone: true } : { key, item: known, gone: false };
  });
  return { rows, waiting: [...now.values()] };
}
