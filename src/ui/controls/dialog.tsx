import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import css from './controls.module.css';

/** A window over the page, open for as long as it is rendered. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  return (
    <Base.Root open onOpenChange={(open) => !open && close()}>
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Popup className={css.dialog}>
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
