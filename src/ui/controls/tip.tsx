import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import css from './controls.module.css';

/** A hint on hover and on focus. `children` is one element; the keys that do the same may be named. */
export function Tip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={8} collisionPadding={8} className={css.positioner}>
          <Tooltip.Popup className={css.tip}>
            {text}
            {keys !== undefined && <kbd className={css.key}>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
