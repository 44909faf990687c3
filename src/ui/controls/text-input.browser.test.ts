import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { parseField } from '../../model/codec.ts';
import { fields } from '../../model/fields.ts';
import { TextInput } from './text-input.tsx';
import { nudge } from './travel.ts';

/** A learning rate that can be typed. */
function Rate() {
  const [rate, commit] = useState(1);
  return createElement(TextInput<number>, {
    id: 'rate',
    description: '',
    value: String(rate),
    parse: (text) => parseField('rate', text) as number,
    commit,
    nudge: (from, direction) => nudge(fields.rate, from, direction),
  });
}

// Events as a person causes them, in any browser: not every one here is driven from outside.
const press = (input: HTMLInputElement, key: string): boolean =>
  input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

function fill(input: HTMLInputElement, text: string): void {
  input.focus();
  // React has a `value` of its own on the element.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

test('arrow keys go on from what was typed, and leave what cannot be read', async () => {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(createElement(Rate));
  await vi.waitFor(() => expect(place.querySelector('input')?.value).toBe('1'));
  const input = place.querySelector('input') as HTMLInputElement;
  fill(input, '0.5');
  await vi.waitFor(() => expect(input.value).toBe('0.5'));
  press(input, 'ArrowUp');
  await vi.waitFor(() => expect(input.value).toBe('0.51'));
  for (const value of ['0.5', '0.49']) {
    press(input, 'ArrowDown');
    await vi.waitFor(() => expect(input.value).toBe(value));
  }
  fill(input, '99');
  await vi.waitFor(() => expect(input.value).toBe('99'));
  press(input, 'ArrowUp');
  await vi.waitFor(() =>
    expect(place.querySelector('[role=alert]')?.textContent).toMatch(/takes numbers from 0 to 10/),
  );
  expect(input.value).toBe('99');
  press(input, 'Escape');
  await vi.waitFor(() => expect(input.value).toBe('0.49'));
  root.unmount();
  place.remove();
});
