import { CircleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Fault, FaultKind } from '../../model/fault.ts';
import controls from '../controls/controls.module.css';
import { useLab, useLabState } from '../context.ts';
import { openFiles } from '../files/open.ts';
import type { Lab } from '../lab.ts';
import { queued } from '../store.ts';
import { Banner, Dismiss } from './banner.tsx';
import css from './banners.module.css';

interface Way {
  readonly label: string;
  readonly go: (lab: Lab) => Promise<void>;
}

const restartLab: Way = { label: 'Restart the lab', go: (lab) => lab.open() };
const recommend: Way = { label: 'Use the recommended settings', go: (lab) => lab.recommend() };
const onCpu: Way = { label: 'Train on the CPU', go: (lab) => lab.move('cpu') };
const reset: Way = { label: 'Reset', go: (lab) => lab.reset() };

const addFiles: Way = {
  label: 'Add files…',
  go: async (lab) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => void openFiles(lab, [...(input.files ?? [])]));
    input.click();
  },
};

/** What to do after a fault of each kind. */
const ways: Readonly<Record<FaultKind, Way>> = {
  invalid: recommend,
  'too-big': recommend,
  diverged: reset,
  'no-webgpu': restartLab,
  'device-lost': restartLab,
  'out-of-memory': restartLab,
  data: restartLab,
  internal: restartLab,
};

/** Where a run stands still for it but is left: a lost GPU leaves its last copy. */
const waysOn: Readonly<Partial<Record<FaultKind, Way>>> = { 'device-lost': onCpu };

/** A run that is as good as before: what was refused has changed nothing, but the settings may still ask for it. */
const takeBack: Way = { label: 'Back to the running settings', go: async (lab) => lab.draft.discard() };

/** What went wrong, and the ways on. */
export function FaultPanel({ fault }: { fault: Fault }) {
  const lab = useLab();
  const message = useRef<HTMLDivElement>(null);
  // What was refused may have been asked for far down a phone's page.
  useEffect(() => {
    // Some browsers return a promise here, which React must not take for a way to clean up.
    message.current?.scrollIntoView({ block: 'nearest' });
  }, [fault]);
  const present = useLabState((state) => state.loaded !== null);
  const intact = useLabState((state) => state.loaded !== null && state.status.phase !== 'fault');
  const asked = useLabState((state) => queued(state.experiment, state.loaded).length > 0);
  // A data set that is not there is waited for; a file that cannot be read has nothing to do with the settings.
  const awaited = useLabState(({ experiment, loaded }) => experiment.dataset !== loaded?.dataset);
  const missing = fault.kind === 'data' && awaited ? [addFiles] : [];
  const standing = asked && fault.kind !== 'data' ? [takeBack] : [];
  const others = intact ? standing : [(present && waysOn[fault.kind]) || ways[fault.kind]];
  return (
    <Banner className={css.fault} role="alert">
      <CircleAlert size={18} aria-hidden />
      <div ref={message} className={css.faultText}>
        <p>{fault.text}</p>
        {fault.detail !== undefined && fault.detail !== '' && (
          <details>
            <summary>Details</summary>
            <pre>{fault.detail}</pre>
          </details>
        )}
      </div>
      <div className={css.way}>
        {[...missing, ...others].map(({ label, go }) => (
          <button key={label} type="button" className={controls.button} onClick={() => void go(lab)}>
            {label}
          </button>
        ))}
      </div>
      <Dismiss what="message" act={lab.dismissFault} />
    </Banner>
  );
}
