/** The functions of formulas, looked for by name, by what they do, or by its pinyin initials; what is chosen is put in. */
import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';

import { has, t } from '../../core/i18n';
import { isCalled } from '../../core/initials';
import type { FunctionType } from '../../core/types';
import { SearchBox } from '../parts/SearchBox';

interface Props {
  functions: Readonly<Record<string, FunctionType>>;
  insert(name: string): void;
  /** Where the keyboard goes afterwards; else back to the button. */
  returnTo(): HTMLElement | null;
}

export function InsertFunction({ functions, insert, returnTo }: Props) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const names = Object.keys(functions).sort((one, other) => one.localeCompare(other));
  const found = names.filter((name) => isCalled({ name, meaning: meaning(name) }, query));
  const take = (name: string | undefined) => {
    if (!name) return;
    insert(name);
    setOpen(false);
  };
  const turned = (to: boolean) => {
    setOpen(to);
    setQuery('');
  };
  const closed = (event: Event) => {
    const place = returnTo();
    if (!place) return;
    event.preventDefault();
    place.focus();
  };
  return (
    <Popover.Root open={open} onOpenChange={turned}>
      <Popover.Trigger className="button small">
        {t('builder.insert_function')}
        <ChevronDown size={14} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="b-popover b-lookup" align="start" sideOffset={4} collisionPadding={8} aria-label={t('builder.insert_function')} onCloseAutoFocus={closed}>
          <SearchBox label={t('builder.function.search')} value={query} onChange={setQuery} enter={() => take(found[0])} />
          <ul>
            {found.map((name) => (
              <li key={name}>
                <button type="button" onClick={() => take(name)}>
                  <span>{name}</span>
                  <span className="muted small">{signature(name, functions[name]!)}</span>
                </button>
              </li>
            ))}
          </ul>
          {!found.length && <p className="muted small">{t('builder.function.none')}</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function meaning(name: string): string {
  return has(`builder.function.${name}`) ? t(`builder.function.${name}`) : '';
}

/** ROUND(number, number?) 四舍五入 */
function signature(name: string, { takes, optional }: FunctionType): string {
  const words = takes.map((kind, index) => {
    const kinds = t(`builder.function.${kind.replace(/[[\]]/g, '')}`);
    return kind.startsWith('[') ? `${kinds}…` : index >= takes.length - optional ? `${kinds}?` : kinds;
  });
  return `(${words.join(', ')}) ${meaning(name)}`;
}
