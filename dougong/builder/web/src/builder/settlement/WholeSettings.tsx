/** With whom is settled, by which day, which line is which, in which currency, through which approval. */
import { useId } from 'react';

import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { DocumentWidget } from '../config/DocumentWidget';
import { useDraft, useOpen, useVerbs } from '../context';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { currencyChoices } from './currencies';
import { setWhole } from './edits/rest';
import { useKinds } from './kinds';
import type { Settlement } from './types';
import { titleOf } from './words';

export function WholeSettings() {
  const draft = useDraft((found: Settlement) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const { change } = useVerbs<Settlement>();
  const kinds = useKinds();
  const id = useId();
  const choices = draft.inputs.map((input) => ({ value: input.key, title: titleOf(input) }));
  const days = choices.filter((one) => kinds(one.value) === 'date');
  return (
    <div className="bs-whole">
      <Setting label={t('builder.settlement.partner')} htmlFor={`${id}-partner`} help={t('builder.settlement.partner.help')} problems={problemsAt(problems, '/partner')}>
        <Pick id={`${id}-partner`} value={draft.partner} choices={choices} disabled={readOnly} onChange={(key) => change((doc) => setWhole(doc, 'partner', key))} />
      </Setting>
      <Setting label={t('builder.settlement.date')} htmlFor={`${id}-date`} help={t('builder.settlement.date.help')} problems={problemsAt(problems, '/date')}>
        <Pick id={`${id}-date`} value={draft.date} choices={days} disabled={readOnly} onChange={(key) => change((doc) => setWhole(doc, 'date', key))} />
      </Setting>
      <Setting label={t('builder.settlement.line_id')} htmlFor={`${id}-line`} help={t('builder.settlement.line_id.help')} problems={problemsAt(problems, '/line_id')}>
        <Pick id={`${id}-line`} value={draft.line_id} choices={choices} empty={t('builder.none')} disabled={readOnly} onChange={(key) => change((doc) => setWhole(doc, 'line_id', key || undefined))} />
      </Setting>
      <Setting label={t('builder.settlement.currency.default')} htmlFor={`${id}-currency`} problems={problemsAt(problems, '/currency')}>
        <Pick id={`${id}-currency`} value={draft.currency} choices={currencyChoices(draft.currency)} disabled={readOnly} onChange={(code) => change((doc) => setWhole(doc, 'currency', code))} />
      </Setting>
      <Setting label={t('builder.settlement.approval')} htmlFor={`${id}-approval`} help={t('builder.settlement.approval.help')} problems={problemsAt(problems, '/approval')}>
        <DocumentWidget id={`${id}-approval`} kind="workflow" value={draft.approval} disabled={readOnly} onChange={(key) => change((doc) => setWhole(doc, 'approval', key))} />
      </Setting>
      <Setting label={t('builder.settlement.query')} htmlFor={`${id}-query`} help={t('builder.settlement.query.help')} problems={problemsAt(problems, '/query')}>
        <DocumentWidget id={`${id}-query`} kind="workflow" value={draft.query} disabled={readOnly} onChange={(key) => change((doc) => setWhole(doc, 'query', key))} />
      </Setting>
    </div>
  );
}
