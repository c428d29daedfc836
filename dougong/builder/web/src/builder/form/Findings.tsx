/** What the server finds wrong with a field or section, as a badge with the words. */
import { CircleAlert, TriangleAlert } from 'lucide-react';

import { t } from '../../core/i18n';
import { elementAt } from '../../core/pointer';
import type { Doc, FormDoc, Problem } from '../../core/types';
import { useDraft, useOpen } from '../context';
import { Tip } from '../parts/Tip';
import { owner } from './edits/tree';

export function Findings({ uid, group }: { uid: string; group: 'fields' | 'sections' }) {
  const problems = useOpen((open) => open.problems);
  const draft = useDraft((found: FormDoc) => found);
  const mine = problems.filter((problem) => concerns(draft, problem, group, uid));
  if (!mine.length) return null;
  const bad = mine.some((problem) => problem.severity === 'error');
  const Sign = bad ? CircleAlert : TriangleAlert;
  return (
    <Tip words={mine.map((problem, index) => <p key={index}>{problem.message} {problem.advice}</p>)}>
      <span className={bad ? 'bf-finding b-error' : 'bf-finding b-warning'} tabIndex={0} aria-label={mine.map((problem) => problem.message).join(' ')}>
        <Sign size={14} aria-hidden />
        {t('builder.form.findings', { count: mine.length })}
      </span>
    </Tip>
  );
}

function concerns(doc: Doc, problem: Problem, group: string, uid: string): boolean {
  if (group === 'fields' && problem.fields.includes(uid)) return true;
  const at = elementAt(doc, problem.path);
  const place = at && owner(doc, at);
  return place?.group === group && place.uid === uid;
}
