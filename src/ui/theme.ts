import { themeChoice } from './choices.ts';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

/** What is on show: the user's choice, or the system's while there is none. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

/** Puts the stored choice into force; before the first paint. */
export function restoreTheme(): void {
  const choice = themeChoice.value;
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset['theme'] = choice;
}

export function toggleTheme(): Theme {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  themeChoice.value = next;
  return next;
}

/** Calls back whenever the colours change; returns the way to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}
