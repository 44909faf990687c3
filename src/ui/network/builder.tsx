import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { printField } from '../../model/codec.ts';
import { datasetShape } from '../../model/datasets.ts';
import { toFault } from '../../model/fault.ts';
import { kindOf, type LayerRow } from '../../model/network.ts';
import { networkPresets, withPreset, type NetworkPreset } from '../../model/presets.ts';
import { printShape } from '../../model/shape.ts';
import { useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { Dialog } from '../controls/dialog.tsx';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { grouped } from '../format.ts';
import { hasBegun } from '../store.ts';
import { LayerInputs } from './layer-inputs.tsx';
import css from './network.module.css';
import {
  networkOf,
  outline,
  parametersOf,
  samples,
  summarize,
  tokensOf,
  type OutlineRow,
  type Summary,
} from './outline.ts';

/** One layer while it is being edited; the id stays with it when it moves. */
interface Item {
  readonly id: number;
  readonly token: string;
}

let items = 0;
const itemsOf = (tokens: readonly string[]): Item[] => tokens.map((token) => ({ id: ++items, token }));

/** Builds a network layer by layer. Nothing changes in the lab before it is said to be used. */
export function Builder({ close }: { close: () => void }) {
  const lab = useLab();
  const experiment = useLabState((state) => state.experiment);
  const own = useLabState((state) => state.own);
  const begun = useLabState(hasBegun);
  const images = datasetShape(experiment.dataset, own);
  const [list, setList] = useState(() => itemsOf(tokensOf(printField('layers', experiment.layers))));
  const [preset, setPreset] = useState<NetworkPreset | null>(null);
  const tokens = list.map(({ token }) => token);
  const rows = outline([...tokens, `${images.classes}l`], images);
  const network = networkOf(tokens, rows);

  const take = (chosen: NetworkPreset): void => {
    setPreset(chosen);
    setList(itemsOf(chosen.layers.map((spec) => kindOf(spec).print(spec))));
  };
  const change = (at: number, token: string): void =>
    setList(list.map((item, i) => (i === at ? { ...item, token } : item)));
  const move = (from: number, to: number): void => {
    const rest = list.toSpliced(from, 1);
    setList(rest.toSpliced(to, 0, ...list.slice(from, from + 1)));
  };
  const settings = preset === null ? experiment : withPreset(experiment, preset);
  const built = 'problem' in network ? null : { ...settings, layers: network.layers };
  const use = (): void => {
    if (built !== null) lab.adopt({ experiment: built, notices: [] });
    close();
  };

  return (
    <Dialog title="Build the network" close={close} wide>
      <div className={css.presets} role="group" aria-label="Known networks">
        {networkPresets.map((known) => (
          <button
            key={known.id}
            type="button"
            className={controls.button}
            aria-pressed={known === preset}
            title={known.help}
            onClick={() => take(known)}
          >
            {known.name}
          </button>
        ))}
      </div>
      {preset !== null && (
        <p className={css.help}>{preset.help} Its usual settings come with it, but for those that you have changed.</p>
      )}
      <Notation text={tokens.join('-')} change={(tokens) => setList(itemsOf(tokens))} />
      <ol className={css.layers} aria-label="Layers" tabIndex={-1}>
        <li className={css.layer}>
          <span className={css.kind}>Image</span>
          <span className={css.inputs} />
          <span className={css.shape}>{printShape(images.shape)}</span>
        </li>
        {rows.slice(0, -1).map((row, at) => (
          <Layer
            key={list[at]?.id}
            name={`Layer ${at + 1}`}
            row={row}
            change={(token) => change(at, token)}
            remove={() => setList(list.toSpliced(at, 1))}
            up={at > 0 ? () => move(at, at - 1) : null}
            down={at < list.length - 1 ? () => move(at, at + 1) : null}
          />
        ))}
        <li className={css.layer}>
          <span className={css.kind}>Output</span>
          <span className={css.inputs}>fully connected, one unit for each class</span>
          <span className={css.shape}>{images.classes}</span>
          <Parameters row={rows.at(-1)?.row ?? null} />
        </li>
      </ol>
      <div className={css.add} role="group" aria-label="Add a layer">
        <Plus size={15} aria-hidden />
        {samples.map(({ label, token }) => (
          <button
            key={label}
            type="button"
            className={controls.button}
            aria-label={`Add: ${label}`}
            onClick={() => setList([...list, ...itemsOf([token])])}
          >
            {label}
          </button>
        ))}
      </div>
      <footer className={css.footer}>
        <p className={css.total} role="status">
          {'problem' in network ? network.problem : total(summarize({ ...settings, ...network }, images))}
        </p>
        <button type="button" className={controls.button} onClick={close}>
          Cancel
        </button>
        <button type="button" className={controls.primary} disabled={built === null} onClick={use}>
          {begun ? 'Use it on restart' : 'Use this network'}
        </button>
      </footer>
    </Dialog>
  );
}

/** The network's whole notation: typing here changes the layers, and they change it. */
function Notation({ text, change }: { text: string; change: (tokens: string[]) => void }) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const type = (typed: string): void => {
    setDraft(typed);
    try {
      change(tokensOf(typed.trim()));
      setProblem(null);
    } catch (error) {
      setProblem(toFault(error).text);
    }
  };
  const leave = (): void => {
    setDraft(null);
    setProblem(null);
  };
  return (
    <div className={css.whole}>
      <label htmlFor={id}>As text</label>
      <input
        id={id}
        className={controls.text}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        value={draft ?? text}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
      />
      {problem !== null && (
        <p id={`${id}-problem`} className={controls.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface LayerProps {
  readonly name: string;
  readonly row: OutlineRow;
  readonly change: (token: string) => void;
  readonly remove: () => void;
  readonly up: (() => void) | null;
  readonly down: (() => void) | null;
}

function Layer({ name, row: { token, spec, row, problem }, change, remove, up, down }: LayerProps) {
  const message = useId();
  const box = useKeptFocus<HTMLLIElement>();
  return (
    <li ref={box} className={css.layer} aria-label={name}>
      <span className={css.kind}>{spec === null ? 'Layer' : kindOf(spec).label}</span>
      <span className={css.inputs}>
        <input
          className={css.token}
          aria-label={`${name}, notation`}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : message}
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => change(event.target.value.trim())}
        />
        {spec !== null && <LayerInputs spec={spec} name={name} change={change} />}
      </span>
      <span className={css.shape}>{row === null ? '–' : printShape(row.output)}</span>
      <Parameters row={row} />
      <span className={css.moves}>
        <MoveButton label={`Move ${name} up`} act={up} icon={<ArrowUp size={15} aria-hidden />} />
        <MoveButton label={`Move ${name} down`} act={down} icon={<ArrowDown size={15} aria-hidden />} />
        <MoveButton label={`Remove ${name}`} act={remove} icon={<X size={15} aria-hidden />} />
      </span>
      {row !== null && row.branches.length > 0 && <Branches row={row} />}
      {problem !== null && (
        <p id={message} className={controls.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function Parameters({ row }: { row: LayerRow | null }) {
  return <span className={css.parameters}>{row === null ? '' : `${grouped(parametersOf([row]))} weights`}</span>;
}

/** Without `act` there is nowhere to move; not disabled, as at the end of the way the keyboard would lose its place. */
function MoveButton({ label, act, icon }: { label: string; act: (() => void) | null; icon: React.ReactNode }) {
  return (
    <button
      type="button"
      className={controls.iconButton}
      aria-label={label}
      aria-disabled={act === null}
      onClick={() => act?.()}
    >
      {icon}
    </button>
  );
}

/** What a layer is made of, in one line for each of its ways. */
function Branches({ row }: { row: LayerRow }) {
  return (
    <ul className={css.branches}>
      {row.branches.map((branch, i) => (
        <li key={i === 0 ? 'main' : 'shortcut'}>
          {i === 0 ? 'main' : 'shortcut'}:{' '}
          {branch.length === 0
            ? printShape(row.input) === printShape(row.output)
              ? 'as it is'
              : 'every so many pixels, zeros for new channels'
            : branch.map(({ spec, output }) => `${kindOf(spec).print(spec)} → ${printShape(output)}`).join(', ')}
        </li>
      ))}
    </ul>
  );
}

/** Weights of the whole network, and of its way back under the present rule. */
function total(summary: Summary | { readonly problem: string }): string {
  if ('problem' in summary) return summary.problem;
  const { forward, feedback } = summary;
  const back = feedback > 0 ? `, ${grouped(feedback)} of feedback` : '';
  return `${grouped(forward)} weights${back}. Its memory is shown beside the settings once it is built, before it trains.`;
}
