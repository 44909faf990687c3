import { Info } from 'lucide-react';
import { useState } from 'react';
import controls from '../controls/controls.module.css';
import { useLab, useLabState } from '../context.ts';
import { deviceChoice, introduction, knownProblem } from '../choices.ts';
import { hasBegun } from '../store.ts';
import { Banner, Dismiss, Notice } from './banner.tsx';
import { FaultPanel } from './fault-panel.tsx';
import css from './banners.module.css';
import { remedies } from './remedies.ts';
import { SlowRun } from './slow-run.tsx';
import { InTurn } from './turns.tsx';

/** Everything that the visitor must know before going on, above the page. */
export function Banners() {
  const notices = useLabState((state) => state.notices);
  const fault = useLabState((state) => state.fault);
  const software = useLabState(({ device }) => device?.kind === 'webgpu' && device.software);
  const [chosen, setChosen] = useState(false);
  const better = software && !chosen && deviceChoice.value === null;
  const lab = useLab();
  return (
    <div className={css.banners} tabIndex={-1}>
      {fault !== null && <FaultPanel fault={fault} />}
      <Introduction />
      <InTurn />
      <NoWebGpu />
      {/* Another device is worth more than a smaller network. */}
      {better ? <SoftwareWebGpu choose={() => setChosen(true)} /> : <SlowRun />}
      {notices.map(({ id, text }) => (
        <Notice key={id} dismiss={() => lab.notices.dismiss(id)}>
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

/** What this is about, for who has not been here before; until there was a run to look at, or it was put away. */
function Introduction() {
  const begun = useLabState(hasBegun);
  const broken = useLabState((state) => state.fault !== null);
  const [over, setOver] = useState(false);
  // It does not come back with a reset.
  if (begun && !over) setOver(true);
  const [read, setRead] = useState(() => introduction.value === 'read');
  if (over || read || broken) return null;
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
function SoftwareWebGpu({ choose }: { choose: () => void }) {
  const lab = useLab();
  const [moving, setMoving] = useState(false);
  const move = async (): Promise<void> => {
    // Not disabled meanwhile: the keyboard would lose its place.
    if (moving) return;
    setMoving(true);
    await lab.move('cpu');
    setMoving(false);
  };
  const stay = (): void => {
    deviceChoice.value = 'webgpu';
    choose();
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
