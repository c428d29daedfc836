/** A button that opens a menu of things to do or to insert. */
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuItem {
  key: string;
  title: ReactNode;
  /** Beside the title, quieter. */
  note?: string;
  act(): void;
}

interface Props {
  title: ReactNode;
  label?: string;
  items: MenuItem[];
  className?: string;
  disabled?: boolean;
  /** Where the keyboard goes when the menu has closed; else back to the button. */
  returnTo?: () => HTMLElement | null | undefined;
}

export function Menu({ title, label, items, className = 'button small', disabled, returnTo }: Props) {
  const closed = (event: Event) => {
    const place = returnTo?.();
    if (!place) return;
    event.preventDefault();
    place.focus();
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={className} aria-label={label} disabled={disabled || !items.length}>
        {title}
        <ChevronDown size={14} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="b-menu" align="start" sideOffset={4} collisionPadding={8} onCloseAutoFocus={closed}>
          {items.map((item) => (
            <DropdownMenu.Item key={item.key} onSelect={item.act}>
              <span>{item.title}</span>
              {item.note && <span className="muted small">{item.note}</span>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
