import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import css from './controls.module.css';
import { focusAfter } from './keep-focus.ts';

interface DialogProps {
  readonly title: string;
  readonly close: () => void;
  /** For what is broad by nature. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A window over the page, open for as long as it is rendered. */
export function Dialog({ title, close, wide = false, children }: DialogProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && close()}>
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Popup className={wide ? `${css.dialog} ${css.broad}` : css.dialog} finalFocus={focusAfter}>
          <header className={css.dialogHeader}>
            <Base.Title className={css.dialogTitle}>{title}</Base.Title>
            <Base.Close className={css.iconButton} aria-label="Close">
              <X size={18} aria-hidden />
            </Base.Close>
          </header>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
