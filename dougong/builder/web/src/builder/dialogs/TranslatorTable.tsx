/** The texts as a table for a translator, to take away and to bring back. */
import { useState, type ChangeEvent } from 'react';

import { ApiError } from '../../core/api';
import { pick, t } from '../../core/i18n';
import type { Wording } from '../../core/texts';
import { readFrom, tableOf, taken } from '../../core/translator';
import { useDraft, useOpen, useSurroundings, useVerbs } from '../context';

const KINDS = { xlsx: 'Excel', csv: 'CSV' } as const;

export function TranslatorTable({ texts, tags }: { texts: readonly Wording[]; tags: readonly string[] }) {
  const { api } = useSurroundings();
  const { change } = useVerbs();
  const title = useDraft((doc) => pick(doc.title));
  const readOnly = useOpen((open) => open.readOnly);
  const [said, say] = useState<string[]>([]);
  const failed = (wrong: unknown) => say([wrong instanceof ApiError ? wrong.message : t('app.failed')]);
  const give = async (kind: keyof typeof KINDS) => {
    const { content } = await api.post<{ content: string }>('/sheets', { kind, title, rows: tableOf(texts, tags) });
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = `${title}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    target.value = '';
    if (!file) return;
    const body = new FormData();
    body.append('file', file);
    const { rows } = await api.post<{ rows: string[][] }>('/sheets/read', body);
    const found = readFrom(rows, texts, tags);
    if (!found) return say([t('builder.texts.no_table')]);
    if (found.words.length) change((doc) => taken(doc, found));
    const left = (['stale', 'foreign', 'long'] as const).filter((why) => found[why]).map((why) => t(`builder.texts.${why}`, { count: found[why] }));
    say([t('builder.texts.taken', { count: found.words.length }), ...left]);
  };
  return (
    <>
      {(Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => (
        <button key={kind} type="button" className="button small" onClick={() => void give(kind).catch(failed)}>
          {t('builder.texts.export', { kind: KINDS[kind] })}
        </button>
      ))}
      {!readOnly && (
        <label className="button small">
          <input type="file" className="visually-hidden" accept=".csv,.xlsx" onChange={(event) => void take(event).catch(failed)} />
          {t('builder.texts.import')}
        </label>
      )}
      <span role="status" className="small">{said.join('；')}</span>
    </>
  );
}
