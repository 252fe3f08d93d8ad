// Light, dark, or as the system says.
import { useState } from 'preact/hooks';
import { recall, remember } from './settings';

export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export const themeWords: Readonly<Record<Theme, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' };

const apply = (theme: Theme): void => {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
  } else {
    document.documentElement.dataset['theme'] = theme;
  }
  document.dispatchEvent(new Event('pouchmonitor-theme'));
};

const stored = (): Theme => themes.find((theme) => theme === recall('theme')) ?? 'system';

export const restoreTheme = (): void => apply(stored());

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  const choose = (chosen: Theme): void => {
    remember('theme', chosen === 'system' ? null : chosen);
    apply(chosen);
    setTheme(chosen);
  };
  return [theme, choose];
}
