/** Where this document, or what is selected in it, is used; and what becomes of running tickets when it is changed. */
import { useEffect, useMemo, useState } from 'react';

import { t, pick } from '../../core/i18n';
import type { Doc, Head } from '../../core/types';
import { nameIn, usesIn, withInner } from '../../core/uses';
import { useDraft, useLibrary, useOpen, useSurroundings } from '../context';
import { Dialog } from '../parts/Dialog';
import { useRunning } from '../running';
import { Uses } from './Uses';
import { useWording } from './wording';

export function UsesDialog({ close }: { close: () => void }) {
  const { api, where } = useSurroundings();
  const draft = useDraft((found: Doc) => found);
  const place = useOpen((open) => open.selection[0]);
  const library = useLibrary((found) => found);
  const running = useRunning();
  const [users, setUsers] = useState<Head[]>();
  useEffect(() => void api.get<Head[]>(`/documents/${where.id}/users`).then(setUsers, () => setUsers([])), [api, where.id]);

  const around = useMemo(() => library.documents.filter(({ id }) => users?.some((user) => user.id === id)), [library, users]);
  const own = useWording(draft);
  const inner = useMemo(() => (place ? withInner(draft, place.group, place.uid) : new Set<string>()), [draft, place]);
  const subject = [...inner][0];
  const name = subject === undefined ? draft.key : nameIn(draft, subject);
  const within = subject === undefined ? [] : usesIn(draft, name, inner);
  const title = subject === undefined ? pick(draft.title) : `${own.group(subject)} ${own.name(subject)}`;
  const tickets = Object.values(running).reduce((sum, count) => sum + count, 0);
  return (
    <Dialog title={t('builder.uses', { name: title })} about={subject === undefined ? t('builder.uses.about') : undefined} onClose={close}>
      <p className={tickets ? 'banner' : 'muted'}>{tickets ? t('builder.uses.running', { count: tickets }) : t('builder.uses.idle')}</p>
      {within.length > 0 && <Uses title={t('builder.uses.here')} uses={within} doc={draft} />}
      {around.map((user) => (
        <Uses
          key={user.id} title={`${t(`builder.kind.${user.kind}`)} ${pick(user.title)}`} address={`${where.base}/builder/${user.id}`} doc={user.draft}
          uses={usesIn(user.draft, name)} quiet={subject !== undefined}
        />
      ))}
      {users && !within.length && !around.length && <p className="muted">{t('builder.uses.none')}</p>}
    </Dialog>
  );
}
