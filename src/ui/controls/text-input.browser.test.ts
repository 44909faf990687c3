import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
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

test('arrow keys go on from what was typed, and leave what cannot be read', async () => {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(createElement(Rate));
  await vi.waitFor(() => expect(place.querySelector('input')?.value).toBe('1'));
  const input = place.querySelector('input') as HTMLInputElement;
  await userEvent.fill(input, '0.5');
  await userEvent.keyboard('{ArrowUp}');
  await vi.waitFor(() => expect(input.value).toBe('0.51'));
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await vi.waitFor(() => expect(input.value).toBe('0.49'));
  await userEvent.fill(input, '99');
  await userEvent.keyboard('{ArrowUp}');
  await vi.waitFor(() =>
    expect(place.querySelector('[role=alert]')?.textContent).toMatch(/takes numbers from 0 to 10/),
  );
  expect(input.value).toBe('99');
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(input.value).toBe('0.49'));
  root.unmount();
  place.remove();
});
