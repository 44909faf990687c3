import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Fault, FaultKind } from '../../model/fault.ts';
import controls from '../controls/controls.module.css';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { useLab, useLabState } from '../context.ts';
import { deviceChoice, introduction, knownProblem } from '../choices.ts';
import type { Lab } from '../lab.ts';
import { hasBegun, queued } from '../store.ts';
import css from './panels.module.css';
import { remedies } from './remedies.ts';

/** Everything that the visitor must know before going on, above the page. */
export function Banners() {
  const notices = useLabState((state) => state.notices);
  const fault = useLabState((state) => state.fault);
  const lab = useLab();
  return (
    <div className={css.banners} tabIndex={-1}>
      {fault !== null && <FaultPanel fault={fault} />}
      <Introduction />
      <NoWebGpu />
      <SoftwareWebGpu />
      {notices.map(({ id, text }) => (
        <Notice key={id} dismiss={() => lab.notices.dismiss(id)}>
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

function Notice({ dismiss, children }: { dismiss: () => void; children: ReactNode }) {
  return (
    <Banner className={css.notice} role="status">
      <TriangleAlert size={16} aria-hidden />
      {children}
      <Dismiss what="notice" act={dismiss} />
    </Banner>
  );
}

interface BannerProps {
  readonly className: string | undefined;
  readonly role: 'status' | 'alert' | 'region';
  /** What a region is called. */
  readonly label?: string;
  readonly children: ReactNode;
}

function Banner({ label, ...props }: BannerProps) {
  const box = useKeptFocus<HTMLDivElement>();
  return <div ref={box} aria-label={label} {...props} />;
}

function Dismiss({ what, act }: { what: string; act: () => void }) {
  return (
    <button type="button" className={css.dismiss} aria-label={`Dismiss this ${what}`} onClick={act}>
      <X size={16} aria-hidden />
    </button>
  );
}

/** What this is about, for who has not been here before; until there is a run to look at, or it was put away. */
function Introduction() {
  const begun = useLabState(hasBegun);
  const [read, setRead] = useState(() => introduction.value === 'read');
  if (begun || read) return null;
  const putAway = (): void => {
    introduction.value = 'read';
    setRead(true);
  };
  return (
    <Banner className={`${css.notice} ${css.introduction}`} role="region" label="Introduction">
      <Info size={16} aria-hidden />
      <p>
        <b>How does the error get back?</b> A network learns from its errors, and backpropagation sends these back
        through an exact mirror of the forward weights. Brains have no such mirror: every rule here is another way back.
        Press Train, and watch the accuracy rise, and the alignment angle fall where the way back comes to mirror the
        way forward.
      </p>
      <Dismiss what="introduction" act={putAway} />
    </Banner>
  );
}

function NoWebGpu() {
  const problem = useLabState((state) => state.device?.problem ?? null);
  const [known, setKnown] = useState(() => knownProblem.value);
  if (problem === null || problem === known) return null;
  const { cause, remedy } = remedies[problem];
  const dismiss = (): void => {
    knownProblem.value = problem;
    setKnown(problem);
  };
  return (
    <Notice dismiss={dismiss}>
      <p>
        <b>{cause}</b> {remedy} Until then the lab trains on the CPU: everything works, but slower than on a GPU.
      </p>
    </Notice>
  );
}

/** On a processor, the CPU device is faster than WebGPU: the visitor is told until he has chosen. */
function SoftwareWebGpu() {
  const lab = useLab();
  const software = useLabState(({ device }) => device?.kind === 'webgpu' && device.software);
  const [hidden, setHidden] = useState(false);
  const [moving, setMoving] = useState(false);
  if (!software || hidden || deviceChoice.value !== null) return null;
  const move = async (): Promise<void> => {
    // Not disabled meanwhile: the keyboard would lose its place.
    if (moving) return;
    setMoving(true);
    await lab.move('cpu');
    setMoving(false);
  };
  const stay = (): void => {
    deviceChoice.value = 'webgpu';
    setHidden(true);
  };
  return (
    <Notice dismiss={stay}>
      <p>
        <b>This browser computes WebGPU on the processor.</b> Without it, in WebAssembly, the same processor trains
        several times faster.
      </p>
      <button
        type="button"
        className={`${controls.button} ${css.way}`}
        aria-disabled={moving}
        onClick={() => void move()}
      >
        Train on the CPU
      </button>
    </Notice>
  );
}

interface Way {
  readonly label: string;
  readonly go: (lab: Lab) => Promise<void>;
}

const restartLab: Way = { label: 'Restart the lab', go: (lab) => lab.open() };
const recommend: Way = { label: 'Use the recommended settings', go: (lab) => lab.recommend() };
const onCpu: Way = { label: 'Train on the CPU', go: (lab) => lab.move('cpu') };
const reset: Way = { label: 'Reset', go: (lab) => lab.reset() };

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
const takeBack: Way = { label: 'Back to the running settings', go: async (lab) => lab.discard() };

function FaultPanel({ fault }: { fault: Fault }) {
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
  // A file that cannot be read has nothing to do with the settings.
  const way = intact
    ? asked && fault.kind !== 'data'
      ? takeBack
      : null
    : (present && waysOn[fault.kind]) || ways[fault.kind];
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
      {way !== null && (
        <button type="button" className={`${controls.button} ${css.way}`} onClick={() => void way.go(lab)}>
          {way.label}
        </button>
      )}
      <Dismiss what="message" act={lab.dismissFault} />
    </Banner>
  );
}
