/** Every text of the document in every language, side by side, written in place; and what is still missing. */
import { useMemo, useState } from 'react';

import { language, t } from '../../core/i18n';
import { lacks, languagesIn, textsIn, translated, type Wording } from '../../core/texts';
import { typed } from '../../core/typed';
import type { Doc } from '../../core/types';
import { useDraft, useOpen, useSurroundings, useVerbs } from '../context';
import { Dialog } from '../parts/Dialog';
import { TranslatorTable } from './TranslatorTable';

const SHOWN = 300;

export function TextsDialog({ close }: { close: () => void }) {
  const draft = useDraft((found: Doc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs();
  const texts = useMemo(() => textsIn(draft), [draft]);
  const { languages } = useSurroundings().where;
  const tags = languagesIn(texts, languages);
  const named = (tag: string) => new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag;
  const missing = (tag: string) => texts.filter(({ text }) => lacks(text, tag)).length;
  /** Those that lacked something when the box was ticked: what is being written does not go from under one's hands. */
  const [only, setOnly] = useState<ReadonlySet<string> | null>(null);
  const shown = only ? texts.filter(({ path }) => only.has(path.join('/'))) : texts;
  const tick = (on: boolean) => setOnly(on ? new Set(texts.filter(({ text }) => tags.some((tag) => lacks(text, tag))).map(({ path }) => path.join('/'))) : null);
  const write = (one: Wording, tag: string, words: string) => change((doc) => translated(doc, one, tag, typed(words)), `text ${one.path.join('/')} ${tag}`);
  return (
    <Dialog title={t('builder.texts')} about={t('builder.texts.about')} onClose={close} wide>
      <div className="b-row">
        {tags.map((tag) => (
          <span key={tag} className={missing(tag) ? 'tag warn' : 'tag good'}>
            {named(tag)} {missing(tag) ? t('builder.texts.missing', { count: missing(tag) }) : t('builder.texts.whole')}
          </span>
        ))}
        <label className="b-check">
          <input type="checkbox" checked={only !== null} onChange={(event) => tick(event.target.checked)} />
          {t('builder.texts.only_missing')}
        </label>
        <TranslatorTable texts={texts} tags={tags} />
      </div>
      <table className="b-texts-table">
        <thead>
          <tr>
            <th scope="col">{t('builder.texts.of')}</th>
            {tags.map((tag) => (
              <th key={tag} scope="col">
                {named(tag)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, SHOWN).map((one) => (
            <tr key={one.path.join('/')}>
              <th scope="row">
                {one.group ? `${one.group} ${one.name}` : t('builder.compare.document')} <span className="muted small">{one.part}</span>
              </th>
              {tags.map((tag) => (
                <td key={tag} data-lacks={lacks(one.text, tag) || undefined}>
                  <textarea
                    className="input" rows={1} lang={tag} dir="auto" maxLength={2000} readOnly={readOnly} value={one.text[tag] ?? ''} placeholder={lacks(one.text, tag) ? t('builder.texts.lacks') : ''}
                    aria-label={`${one.group} ${one.name} ${one.part} ${named(tag)}`} onChange={(event) => write(one, tag, event.target.value)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > SHOWN && <p className="muted">{t('builder.difference.more', { count: shown.length - SHOWN })}</p>}
      {!shown.length && <p className="muted">{t('builder.texts.whole')}</p>}
    </Dialog>
  );
}
