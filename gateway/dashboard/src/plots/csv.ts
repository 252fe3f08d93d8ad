// Tables as comma-separated text, and names for the files they are saved in.

export type CsvValue = string | number | null | undefined;

/**
 * Comma-separated text after RFC 4180: CRLF, quotes where needed, empty where there is no value. A text that a spreadsheet would take
 * for a formula gets an apostrophe before it: notes and names are what people typed.
 */
export function toCsv(columns: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [columns, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n') + '\r\n';
}

function csvField(value: CsvValue): string {
  if (value === null || value === undefined) {
    return '';
  }
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** File name without characters that some system refuses. */
export const fileName = (...parts: readonly string[]): string => parts.join('-').replaceAll(/[^A-Za-z0-9._-]+/g, '_');
