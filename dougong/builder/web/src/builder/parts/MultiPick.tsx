/** Some of a list: what is chosen stands as chips, a menu offers the rest. */
import { Check, Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';

import { t } from '../../core/i18n';
import { Chip } from './Chips';
import type { Choice } from './Pick';

interface Props {
  label: string;
  values: readonly string[];
  choices: Choice[];
  onChange(values: string[]): void;
  /** No more than so many. */
  limit?: number;
  disabled?: boolean;
}

export function MultiPick({ label, values, choices, onChange, limit = Infinity, disabled }: Props) {
  const title = (value: string) => choices.find((one) => one.value === value)?.title ?? t('builder.gone', { name: value });
  const toggle = (value: string, on: boolean) => onChange(on ? [...values, value] : values.filter((one) => one !== value));
  return (
    <div className="b-chips" role="group" aria-label={label}>
      {values.map((value) => (
        <Chip key={value} title={title(value)} remove={disabled ? undefined : () => toggle(value, false)} />
      ))}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button small" aria-label={t('builder.choose_for', { name: label })} disabled={disabled || !choices.length}>
          <Plus size={14} aria-hidden />
          {t('builder.choose_some')}
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="b-menu" align="start" sideOffset={4} collisionPadding={8}>
            {choices.map((choice) => {
              const on = values.includes(choice.value);
              return (
                <DropdownMenu.CheckboxItem
                  key={choice.value}
                  checked={on}
                  disabled={!on && values.length >= limit}
                  onSelect={(event) => event.preventDefault()}
                  onCheckedChange={(checked) => toggle(choice.value, checked)}
                >
                  <span className="b-tick">{on && <Check size={14} aria-hidden />}</span>
                  {choice.title}
                </DropdownMenu.CheckboxItem>
              );
            })}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
