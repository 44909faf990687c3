import { useState } from 'react';
import { printBytes } from '../../model/bytes.ts';
import { Dialog } from '../controls/dialog.tsx';
import { useLab, useLabState } from '../context.ts';
import { grouped } from '../format.ts';
import type { DeviceInfo, DeviceKind, WebGpuProblem } from '../../workers/protocol.ts';
import { remedies } from './remedies.ts';
import css from './dialogs.module.css';

/** What the arithmetic runs on and how much of it the network takes. */
export function DeviceDialog({ device, close }: { device: DeviceInfo; close: () => void }) {
  const network = useLabState((state) => state.network);
  const remedy = device.problem === null ? null : remedies[device.problem];
  const rows: readonly (readonly [string, string])[] = [
    ['Device', device.kind === 'webgpu' && device.software ? `${device.name}, a software adapter` : device.name],
    ...(network === null
      ? []
      : ([
          ['Weights', grouped(network.parameters)],
          ['Feedback weights', grouped(network.feedbackParameters)],
          ['Memory', printBytes(network.bytes)],
          ['Kernels launched a step', grouped(network.launches)],
          ['Steps an epoch', grouped(network.stepsPerEpoch)],
        ] as const)),
  ];
  return (
    <Dialog title="What the network trains on" close={close}>
      {(device.problem === null || passing.has(device.problem)) && <DeviceChoice kind={device.kind} />}
      <dl className={css.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {remedy !== null && (
        <p className={css.prose}>
          <b>{remedy.cause}</b> {remedy.remedy}
        </p>
      )}
      {device.kind === 'webgpu' && device.software && (
        <p className={css.prose}>
          The browser computes WebGPU on the processor. Everything works, but slowly: train on the CPU, which does the
          same in WebAssembly, or look for a disabled graphics driver in chrome://gpu, or allow hardware acceleration in
          the browser’s settings.
        </p>
      )}
    </Dialog>
  );
}

/** Problems that may be gone at the next try. */
const passing: ReadonlySet<WebGpuProblem> = new Set(['no-adapter', 'device-refused']);

const kinds: readonly (readonly [DeviceKind, string])[] = [
  ['webgpu', 'WebGPU'],
  ['cpu', 'CPU'],
];

/** Moves the run, as it stands, between WebGPU and the CPU. */
function DeviceChoice({ kind }: { kind: DeviceKind }) {
  const lab = useLab();
  const [chosen, setChosen] = useState<DeviceKind | null>(null);
  const choose = async (next: DeviceKind): Promise<void> => {
    // Not disabled meanwhile: the keyboard would lose its place.
    if (chosen !== null) return;
    setChosen(next);
    await lab.move(next);
    setChosen(null);
  };
  return (
    <fieldset className={css.choice} aria-busy={chosen !== null}>
      <legend>Train on</legend>
      {kinds.map(([value, label]) => (
        <label key={value}>
          <input type="radio" name="device" checked={(chosen ?? kind) === value} onChange={() => void choose(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
