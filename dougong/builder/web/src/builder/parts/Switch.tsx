/** One of a few, side by side. */
import type { ReactNode } from 'react';
import './switch.css';

export interface SwitchChoice<V extends string> {
  value: V;
  title: ReactNode;
}

interface Props<V extends string> {
  label: string;
  value: V;
  choices: readonly SwitchChoice<V>[];
  onChange(value: V): void;
  disabled?: boolean;
  /** The chosen one gets the focus. */
  autoFocus?: boolean;
}

export function Switch<V extends string>({ label, value, choices, onChange, disabled, autoFocus }: Props<V>) {
  const pressed = (event: React.KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || disabled) return;
    event.preventDefault();
    const next = (choices.findIndex((one) => one.value === value) + by + choices.length) % choices.length;
    onChange((choices[next] as SwitchChoice<V>).value);
    (event.currentTarget.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="b-segments" role="radiogroup" aria-label={label} onKeyDown={pressed}>
      {choices.map((one) => (
        <button
          key={one.value}
          type="button"
          role="radio"
          aria-checked={one.value === value}
          tabIndex={one.value === value ? 0 : -1}
          disabled={disabled}
          autoFocus={autoFocus === true && one.value === value}
          onClick={() => onChange(one.value)}
        >
          {one.title}
        </button>
      ))}
    </div>
  );
}
