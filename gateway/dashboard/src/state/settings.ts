// What the screen remembers between visits. A browser without storage only forgets.
const prefix = 'pouchmonitor.';

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) {
      localStorage.removeItem(prefix + name);
    } else {
      localStorage.setItem(prefix + name, value);
    }
  } catch {
    // Private windows may refuse; the setting then lasts as long as the page.
  }
}
