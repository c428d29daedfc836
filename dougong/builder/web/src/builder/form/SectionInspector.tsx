/** The settings of a section: what it is called, a word of help, when it is shown. */
import { useMemo } from 'react';

import { pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import type { FormDoc, Section } from '../../core/types';
import { ConditionBuilder } from '../conditions/ConditionBuilder';
import { useOpen, useVerbs } from '../context';
import { useFields, WithFields } from '../fields';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setSection } from './edits/sections';

export function SectionInspector({ section, pointer }: { section: Section; pointer: string }) {
  const { uid } = section;
  const { change } = useVerbs<FormDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const all = useFields();
  const others = useMemo(() => all.filter((field) => !section.fields.some((one) => one.uid === field.uid)), [all, section]);
  return (
    <WithFields value={others}>
      <div className="b-inspector-head">
        <h2>{pick(section.title) || t('builder.form.section.untitled')}</h2>
        <span className="tag">{t('builder.group.sections')}</span>
      </div>
      <Setting label={t('builder.form.section.title')}>
        <TextBox label={t('builder.form.section.title')} value={section.title} optional disabled={readOnly} onChange={(title) => change((doc) => setSection(doc, uid, 'title', title), `title ${uid}`)} />
      </Setting>
      <Setting label={t('builder.form.help')}>
        <TextBox label={t('builder.form.help')} value={section.help} optional rows={2} disabled={readOnly} onChange={(help) => change((doc) => setSection(doc, uid, 'help', help), `help ${uid}`)} />
      </Setting>
      <section className="b-part">
        <h3>{t('builder.form.visible_when')}</h3>
        <Setting label="" problems={problemsAt(problems, `${pointer}/visible_when`)}>
          <ConditionBuilder value={section.visible_when} nothing={t('builder.form.visible_always')} disabled={readOnly} onChange={(tree) => change((doc) => setSection(doc, uid, 'visible_when', tree), `visible ${uid}`)} />
        </Setting>
      </section>
    </WithFields>
  );
}
