import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useId, useState } from 'react';
import { kindOf, type LayerRow, type LayerSpec } from '../../model/network.ts';
import { printShape } from '../../model/shape.ts';
import controls from '../controls/controls.module.css';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { grouped } from '../format.ts';
import { LayerInputs } from './layer-inputs.tsx';
import css from './network.module.css';
import { parametersOf, type OutlineRow } from './outline.ts';

interface LayerProps {
  readonly name: string;
  readonly row: OutlineRow;
  readonly change: (token: string) => void;
  readonly remove: () => void;
  readonly up: (() => void) | null;
  readonly down: (() => void) | null;
}

/** One layer while it is being edited: its notation, its numbers, its shape, or what is wrong with it. */
export function Layer({ name, row: { token, spec, row, problem, remark }, change, remove, up, down }: LayerProps) {
  const message = useId();
  const [entered, setEntered] = useState<LayerSpec | null>(null);
  // A number that is out of range makes no layer, but keeps its input.
  const shown = spec ?? (entered !== null && kindOf(entered).print(entered) === token ? entered : null);
  const enter = (next: LayerSpec): void => {
    setEntered(next);
    change(kindOf(next).print(next));
  };
  const box = useKeptFocus<HTMLLIElement>();
  return (
    <li ref={box} className={css.layer} aria-label={name}>
      <span className={css.kind}>{shown === null ? 'Layer' : kindOf(shown).label}</span>
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
        {shown !== null && <LayerInputs spec={shown} name={name} change={enter} />}
      </span>
      <span className={css.shape}>{row === null ? '–' : printShape(row.output)}</span>
      <Parameters row={row} />
      <span className={css.moves}>
        <MoveButton label={`Move ${name} up`} act={up} icon={<ArrowUp size={15} aria-hidden />} />
        <MoveButton label={`Move ${name} down`} act={down} icon={<ArrowDown size={15} aria-hidden />} />
        <MoveButton label={`Remove ${name}`} act={remove} icon={<X size={15} aria-hidden />} />
      </span>
      {row !== null && row.branches.length > 0 && <Branches row={row} />}
      {remark !== null && (
        <p className={css.remark} role="status">
          {remark}
        </p>
      )}
      {problem !== null && (
        <p id={message} className={controls.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

export function Parameters({ row }: { row: LayerRow | null }) {
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
