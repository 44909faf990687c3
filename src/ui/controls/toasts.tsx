import { Toast } from '@base-ui/react/toast';
import css from './toasts.module.css';

/** Short answers that leave by themselves. */
export function Toasts() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className={css.viewport}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className={css.toast} aria-label="Notice">
            <Toast.Content className={css.content}>
              <Toast.Description className={css.text} />
              <Toast.Action className={css.action} />
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
