import { useId, useState, type KeyboardEvent } from 'react';
import { toFault, type Fault } from '../../model/fault.ts';
import css from './controls.module.css';

interface TextInputProps<Value> {
  /** The id that its label points to. */
  readonly id: string;
  readonly description: string;
  readonly value: string;
  /** Reads what was typed; throws a FaultError that says what the field takes. */
  readonly parse: (text: string) => Value;
  readonly commit: (value: Value) => void;
  /** The value one arrow key up or down from another; fields without it are free text. */
  readonly nudge?: (from: Value, direction: 1 | -1) => Value;
}

/**
 * A field of text that takes effect on Enter and on leaving it. What it cannot read stays as it was typed, with the reason
 * beside it, until it is corrected or Escape brings the old value back.
 */
export function TextInput<Value>({ id, description, value, parse, commit, nudge }: TextInputProps<Value>) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<Fault | null>(null);
  // A value that comes from elsewhere takes the place of what could not be read.
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setDraft(null);
    setProblem(null);
  }
  const message = useId();
  const hint = useId();

  const take = (text: string, act: (parsed: Value) => void): void => {
    try {
      const parsed = parse(text);
      setDraft(null);
      setProblem(null);
      act(parsed);
    } catch (error) {
      setProblem(toFault(error));
    }
  };
  const typed = draft?.trim() ?? value;
  const settle = (): void => {
    if (draft !== null) take(typed, (parsed) => typed !== value && commit(parsed));
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') settle();
    if (event.key === 'Escape' && draft !== null) {
      setDraft(null);
      setProblem(null);
    }
    if (nudge && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const direction = event.key === 'ArrowUp' ? 1 : -1;
      take(typed, (parsed) => commit(nudge(parsed, direction)));
    }
  };
  return (
    <>
      <input
        className={nudge ? css.number : css.text}
        id={id}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? hint : `${message} ${hint}`}
        value={draft ?? value}
        inputMode={nudge ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={settle}
        onKeyDown={key}
      />
      <span id={hint} hidden>
        {description}
      </span>
      {problem !== null && (
        <p id={message} className={css.problem} role="alert">
          {problem.text}
        </p>
      )}
    </>
  );
}
