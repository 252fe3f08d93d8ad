// Light, dark, or as the system says.
import { useState } from 'preact/hooks';
import { recall, remember } from './settings';

export type Theme = 'system' | 'light' | 'dark';

const order: readonly Theme[] = ['system', 'light', 'dark'];

export const themeWords: Readonly<Record<Theme, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' };

const apply = (theme: Theme): void => {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
  } else {
    document.documentElement.dataset['theme'] = theme;
  }
  document.dispatchEvent(new Event('pouchmonitor-theme'));
};

const stored = (): Theme => order.find((theme) => theme === recall('theme')) ?? 'system';

export const restoreTheme = (): void => apply(stored());

export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState(stored);
  const next = (): void => {
    const chosen = order[(order.indexOf(theme) + 1) % order.length] ?? 'system';
    remember('theme', chosen === 'system' ? null : chosen);
    apply(chosen);
    setTheme(chosen);
  };
  return [theme, next];
}
