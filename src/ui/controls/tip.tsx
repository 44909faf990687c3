import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useRef, useState, type MouseEvent, type PointerEvent, type ReactElement } from 'react';
import css from './controls.module.css';

interface TipProps {
  readonly text: string;
  /** The keys that do the same. */
  readonly keys?: string;
  /** Whether a finger, which cannot hover, is shown it: where a tap does nothing else. */
  readonly tap?: boolean;
  /** One element. */
  readonly children: ReactElement;
}

/** A hint on hover and on focus. */
export function Tip({ text, keys, tap = false, children }: TipProps) {
  const [open, setOpen] = useState<'by tap' | 'otherwise' | null>(null);
  const finger = useRef(false);
  const touch = (event: PointerEvent): void => {
    finger.current = event.pointerType === 'touch';
  };
  const show = (event: MouseEvent): void => {
    if (!tap || !finger.current) return;
    // A label would call the keyboard up, which covers the hint.
    event.preventDefault();
    setOpen(open === null ? 'by tap' : null);
  };
  // It would stay where its element no longer is.
  useEffect(() => {
    if (open === null) return;
    const close = (): void => setOpen(null);
    addEventListener('scroll', close, { capture: true, passive: true });
    return () => removeEventListener('scroll', close, { capture: true });
  }, [open]);
  return (
    <Tooltip.Root
      open={open !== null}
      onOpenChange={(next, { reason }) => {
        // What was tapped gives the focus back, as the mouse does.
        if (open !== 'by tap' || reason !== 'trigger-focus') setOpen(next ? 'otherwise' : null);
      }}
    >
      <Tooltip.Trigger render={children} closeOnClick={!tap} onPointerDown={touch} onClick={show} />
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
