import { afterEach, expect, test, vi } from 'vitest';
import { themeChoice } from './choices.ts';

afterEach(() => vi.unstubAllGlobals());

test('a choice lasts as long as the page where storage is full', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    },
  });
  expect(themeChoice.value).toBeNull();
  themeChoice.value = 'dark';
  expect(themeChoice.value).toBe('dark');
});
