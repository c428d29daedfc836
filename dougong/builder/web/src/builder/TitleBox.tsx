/** What the document is called, in every language; a click opens the inputs. */
import { Pencil } from 'lucide-react';
import { Popover } from 'radix-ui';

import { pick, t } from '../core/i18n';
import type { Doc } from '../core/types';
import { useDraft, useOpen, useVerbs } from './context';
import { TextBox } from './parts/TextBox';

export function TitleBox() {
  const kind = useOpen((open) => open.kind);
  const title = useDraft((draft: Doc) => draft.title);
  const { change } = useVerbs();
  return (
    <Popover.Root>
      <Popover.Trigger className="b-title" title={t('builder.rename')}>
        <span className="tag accent">{t(`builder.kind.${kind}`)}</span>
        <h1>{pick(title) || t('builder.untitled')}</h1>
        <Pencil size={13} aria-hidden />
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
