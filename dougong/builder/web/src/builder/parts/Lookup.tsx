/** A button that opens a long list, looked through by any part of a name or its pinyin initials; what is chosen is put in. */
import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';

import { isCalled } from '../../core/initials';
import { SearchBox } from './SearchBox';

export interface Entry {
  key: string;
  title: string;
  /** Beside the title, quieter. */
  note: string;
  /** All that it is called. */
  called: Readonly<Record<string, string>>;
}

interface Props {
  title: string;
  entries: readonly Entry[];
  /** What may be typed. */
  search: string;
  none: string;
  insert(key: string): void;
  /** Where the keyboard goes afterwards; else back to the button. */
  returnTo(): HTMLElement | null;
}

export function Lookup({ title, entries, search, none, insert, returnTo }: Props) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const found = entries.filter(({ called }) => isCalled(called, query));
  const take = (entry: Entry | undefined) => {
    if (!entry) return;
    insert(entry.key);
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
        {title}
        <ChevronDown size={14} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="b-popover b-lookup" align="start" sideOffset={4} collisionPadding={8} aria-label={title} onCloseAutoFocus={closed}>
          <SearchBox label={search} value={query} onChange={setQuery} enter={() => take(found[0])} />
          <ul>
            {found.map((entry) => (
              <li key={entry.key}>
                <button type="button" onClick={() => take(entry)}>
                  <span>{entry.title}</span>
                  <span className="muted small">{entry.note}</span>
                </button>
              </li>
            ))}
          </ul>
          {!found.length && <p className="muted small">{none}</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
