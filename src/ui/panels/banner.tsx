import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useKeptFocus } from '../controls/keep-focus.ts';
import css from './banners.module.css';

interface BannerProps {
  readonly className: string | undefined;
  readonly role: 'status' | 'alert' | 'region';
  /** What a region is called. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A line above the page. */
export function Banner({ label, ...props }: BannerProps) {
  const box = useKeptFocus<HTMLDivElement>();
  return <div ref={box} aria-label={label} {...props} />;
}

/** A banner that warns, and can be put away. */
export function Notice({ dismiss, children }: { dismiss: () => void; children: ReactNode }) {
  return (
    <Banner className={css.notice} role="status">
      <TriangleAlert size={16} aria-hidden />
      {children}
      <Dismiss what="notice" act={dismiss} />
    </Banner>
  );
}

export function Dismiss({ what, act }: { what: string; act: () => void }) {
  return (
    <button type="button" className={css.dismiss} aria-label={`Dismiss this ${what}`} onClick={act}>
      <X size={16} aria-hidden />
    </button>
  );
}
