import { Maximize2, Minimize2 } from 'lucide-react';
import { useEffect } from 'react';
import { useLab, useLabState } from '../context.ts';
import { Tip } from '../controls/tip.tsx';
import type { Place, View } from '../store.ts';
import css from './chart.module.css';
import { show } from './whole-run.tsx';

/** An enlarged chart is read from the back of a room: so much larger is what stands in it. */
export const zoom = 1.4;

/** Whether a place has the charts' whole area, and the way to give it that or take it back. */
export function useEnlarged(place: Place): readonly [boolean, () => void] {
  const lab = useLab();
  const view = useLabState((state) => state.view);
  const isEnlarged = view.enlarged === place;
  return [isEnlarged, () => lab.store.setState({ view: { ...view, enlarged: isEnlarged ? null : place } })];
}

export function EnlargeButton({ place, title }: { place: Place; title: string }) {
  const [isEnlarged, toggle] = useEnlarged(place);
  const Icon = isEnlarged ? Minimize2 : Maximize2;
  return (
    <Tip text={isEnlarged ? 'Back to all charts' : 'Enlarge'}>
      <button
        type="button"
        className={`${css.tool} ${css.enlarge}`}
        aria-pressed={isEnlarged}
        aria-label={`Enlarge ${title}`}
        onClick={toggle}
      >
        <Icon size={15} aria-hidden />
      </button>
    </Tip>
  );
}

/** Escape leads back to the whole run, and then to all charts, unless it closes something else. */
export function useEscape({ enlarged, steps }: View): void {
  const lab = useLab();
  useEffect(() => {
    if (enlarged === null && steps === null) return undefined;
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('input, select, [role=dialog], [role=menu]')) return;
      if (steps !== null) show(lab, null);
      else lab.store.setState({ view: { ...lab.store.getState().view, enlarged: null } });
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [lab, enlarged, steps]);
}
