/** A dialog over the builder: title, content, buttons. */
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';

import { t } from '../../core/i18n';

interface Props {
  title: string;
  /** One sentence under the title. */
  about?: string;
  onClose?: () => void;
  wide?: boolean;
  children?: ReactNode;
  buttons?: ReactNode;
}

/** Without `onClose` it must be decided: it has no cross, and neither Escape nor a click beside it closes it. */
export function Dialog({ title, about, onClose, wide, children, buttons }: Props) {
  const content = useRef<HTMLDivElement>(null);
  const begin = (event: Event) => {
    const first =
      content.current?.querySelector<HTMLElement>('.b-dialog-body :is(input, textarea, select)') ??
      content.current?.querySelector<HTMLElement>('.b-dialog-foot .primary');
    if (!first) return;
    event.preventDefault();
    first.focus();
  };
  const stay = (event: Event) => onClose ?? event.preventDefault();
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className="b-overlay" />
        <Radix.Content
          ref={content}
          className={wide ? 'b-dialog b-wide' : 'b-dialog'}
          onOpenAutoFocus={begin}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          {...(about ? {} : { 'aria-describedby': undefined })}
        >
          <header className="b-dialog-head">
            <Radix.Title>{title}</Radix.Title>
            {onClose && (
              <Radix.Close className="button quiet small icon-only" aria-label={t('builder.close')}>
                <X size={16} aria-hidden />
              </Radix.Close>
            )}
          </header>
          {about && <Radix.Description className="b-dialog-about">{about}</Radix.Description>}
          <div className="b-dialog-body">{children}</div>
          {buttons && <footer className="b-dialog-foot">{buttons}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
