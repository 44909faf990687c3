import { Plus } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { datasetShape } from '../../model/datasets.ts';
import { toFault } from '../../model/fault.ts';
import { kindOf, splitNetwork, type LayerSpec } from '../../model/network.ts';
import { networkPresets, presetOf, withPreset } from '../../model/presets.ts';
import { printShape } from '../../model/shape.ts';
import { useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { Dialog } from '../controls/dialog.tsx';
import { grouped } from '../format.ts';
import { hasBegun } from '../store.ts';
import { Layer, Parameters } from './layer.tsx';
import css from './network.module.css';
import { networkOf, outline, samples, summarize, type Summary } from './outline.ts';

/** One layer while it is being edited; the id stays with it when it moves. */
interface Item {
  readonly id: number;
  readonly token: string;
}

let items = 0;
const itemsOf = (tokens: readonly string[]): Item[] => tokens.map((token) => ({ id: ++items, token }));
const itemsFor = (layers: readonly LayerSpec[]): Item[] => itemsOf(layers.map((spec) => kindOf(spec).print(spec)));

/** A text that does not come apart into layers. */
interface Unread {
  readonly text: string;
  readonly problem: string;
}

/** Builds a network layer by layer. Nothing changes in the lab before it is said to be used. */
export function Builder({ close }: { close: () => void }) {
  const lab = useLab();
  const experiment = useLabState((state) => state.experiment);
  const own = useLabState((state) => state.own);
  const begun = useLabState(hasBegun);
  const images = datasetShape(experiment.dataset, own);
  const [list, setList] = useState(() => itemsFor(experiment.layers));
  const [unread, setUnread] = useState<Unread | null>(null);
  const tokens = list.map(({ token }) => token);
  const rows = outline([...tokens, `${images.classes}l`], images);
  const network = unread === null ? networkOf(tokens, rows) : { problem: 'Correct the text.' };
  const preset = 'problem' in network ? undefined : presetOf(network.layers);
  const status = useId();

  const [begin] = useState(list);
  const [asked, setAsked] = useState(false);
  /** Escape, or a click beside the window, is soon done: what was built is dropped only at the second. */
  const leave = (): void => {
    if (asked || (list === begin && unread === null)) close();
    else setAsked(true);
  };

  const put = (next: Item[]): void => {
    setList(next);
    setUnread(null);
    setAsked(false);
  };
  const write = (text: string): void => {
    try {
      put(itemsOf(splitNetwork(text)));
    } catch (error) {
      setUnread({ text, problem: toFault(error).text });
    }
  };
  const change = (at: number, token: string): void =>
    put(list.map((item, i) => (i === at ? { ...item, token } : item)));
  const move = (from: number, to: number): void => {
    const rest = list.toSpliced(from, 1);
    put(rest.toSpliced(to, 0, ...list.slice(from, from + 1)));
  };
  const [added, setAdded] = useState(0);
  const end = useRef<HTMLLIElement>(null);
  const add = (token: string): void => {
    put([...list, ...itemsOf([token])]);
    setAdded(added + 1);
  };
  // The new layer may be below what is in sight.
  useEffect(() => {
    if (added > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [added]);
  const settings = preset === undefined ? experiment : withPreset(experiment, preset);
  const built = 'problem' in network ? null : { ...settings, layers: network.layers };
  const use = (): void => {
    if (built !== null) lab.draft.adopt({ experiment: built, notices: [] });
    close();
  };

  return (
    <Dialog title="Build the network" close={leave} wide>
      <div className={css.builder}>
        <div className={css.presets} role="group" aria-label="Known networks">
          {networkPresets.map((known) => (
            <button
              key={known.id}
              type="button"
              className={controls.button}
              aria-pressed={known === preset}
              title={known.help}
              onClick={() => put(itemsFor(known.layers))}
            >
              {known.name}
            </button>
          ))}
        </div>
        <p className={css.help}>
          {preset === undefined
            ? 'A network of your own: the settings stay as they are.'
            : `${preset.help} Its usual settings come with it, but for those that you have changed.`}
        </p>
        <Notation
          text={unread?.text ?? tokens.join('-')}
          problem={unread?.problem ?? null}
          invalid={'problem' in network}
          write={write}
        />
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
              remove={() => put(list.toSpliced(at, 1))}
              up={at > 0 ? () => move(at, at - 1) : null}
              down={at < list.length - 1 ? () => move(at, at + 1) : null}
            />
          ))}
          <li ref={end} className={css.layer}>
            <span className={css.kind}>Output</span>
            <span className={css.inputs}>fully connected, one unit for each class</span>
            <span className={css.shape}>{images.classes}</span>
            <Parameters row={rows.at(-1)?.row ?? null} />
          </li>
        </ol>
        <div className={css.foot}>
          <div className={css.add} role="group" aria-label="Add a layer">
            <Plus size={15} aria-hidden />
            {samples.map(({ label, token }) => (
              <button
                key={label}
                type="button"
                className={controls.button}
                aria-label={`Add: ${label}`}
                onClick={() => add(token)}
              >
                {label}
              </button>
            ))}
          </div>
          <footer className={css.footer}>
            <p id={status} className={css.total} role="status">
              {asked ? (
                <b>These changes are not in use yet. Close once more to drop them.</b>
              ) : 'problem' in network ? (
                network.problem
              ) : (
                total(summarize({ ...settings, ...network }, images))
              )}
            </p>
            <button type="button" className={controls.button} onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className={controls.primary}
              disabled={built === null}
              aria-describedby={status}
              onClick={use}
            >
              {begun ? 'Use it on restart' : 'Use this network'}
            </button>
          </footer>
        </div>
      </div>
    </Dialog>
  );
}

interface NotationProps {
  readonly text: string;
  /** What keeps the text from coming apart into layers; what is wrong with a layer is told beside it. */
  readonly problem: string | null;
  readonly invalid: boolean;
  readonly write: (text: string) => void;
}

/** The network's whole notation: the layers as text, whether they can be read or not. */
function Notation({ text, problem, invalid, write }: NotationProps) {
  const id = useId();
  return (
    <div className={css.whole}>
      <label htmlFor={id}>As text</label>
      <input
        id={id}
        className={controls.text}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={invalid}
        aria-describedby={`${id}-note`}
        value={text}
        onChange={(event) => write(event.target.value.trim())}
      />
      <div id={`${id}-note`} className={css.note}>
        {problem === null ? (
          'Layers joined by dashes, such as c8k3s2-flat-64. The output is added.'
        ) : (
          <p className={controls.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}

/** Weights of the whole network, and of its way back under the present rule. */
function total(summary: Summary | { readonly problem: string }): string {
  if ('problem' in summary) return summary.problem;
  const { forward, feedback } = summary;
  const back = feedback > 0 ? `, ${grouped(feedback)} of feedback` : '';
  return `${grouped(forward)} weights${back}. Its memory is shown beside the settings once it is built, before it trains.`;
}
