/** The document's title in every language, over the bar. */
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';

import { t } from '../core/i18n';
import type { Doc } from '../core/types';
import { useDraft, useVerbs } from './context';
import { TextBox } from './parts/TextBox';

export function TitlePopover({ children }: { children: ReactNode }) {
  const title = useDraft((draft: Doc) => draft.title);
  const { change } = useVerbs();
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger className="b-title" title={t('builder.rename')}>
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="b-popover" align="start" sideOffset={6} aria-label={t('builder.title')}>
          <div className="b-label">{t('builder.title')}</div>
          <TextBox
            label={t('builder.title')}
            value={title}
            autoFocus
            onChange={(next) => change((draft) => ({ ...draft, title: next ?? {} }), 'title')}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
