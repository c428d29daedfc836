/** One of a few things, each with its name and a word of help, in groups where there are groups. */
import { Check } from 'lucide-react';

export interface PanelChoice {
  value: string;
  title: string;
  help?: string | undefined;
  group?: string | undefined;
}

interface Props {
  label: string;
  value: string | undefined;
  choices: readonly PanelChoice[];
  onChoose(value: string): void;
}

export function ChoicePanel({ label, value, choices, onChoose }: Props) {
  const pressed = (event: React.KeyboardEvent<HTMLElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=option]')];
    all[(all.indexOf(document.activeElement as HTMLElement) + by + all.length) % all.length]?.focus();
  };
  return (
    <div className="bs-choices" role="listbox" aria-label={label} onKeyDown={pressed}>
      {choices.map((choice, index) => (
        <div key={choice.value} role="presentation">
          {choice.group && choice.group !== choices[index - 1]?.group && <div className="bs-choice-group">{choice.group}</div>}
          <button type="button" role="option" aria-selected={choice.value === value} autoFocus={choice.value === value || (!value && index === 0)} onClick={() => onChoose(choice.value)}>
            <span className="b-tick">{choice.value === value && <Check size={14} aria-hidden />}</span>
            <span>{choice.title}{choice.help && <small className="muted">{choice.help}</small>}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
