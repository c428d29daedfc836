/** A tree of options, written as an outline; taken when one leaves it. */
import { useState } from 'react';

import { t } from '../../core/i18n';
import type { WidgetProps } from '../config/widget';
import { fromOutline, outlined, type Branch } from '../options/outline';

export function TreeWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  const branches = Array.isArray(value) ? (value as Branch[]) : [];
  const [typed, setTyped] = useState<string>();
  const give = () => {
    if (typed !== undefined) onChange(fromOutline(typed, branches));
    setTyped(undefined);
  };
  return (
    <div className="b-stack">
      <textarea id={id} className="input bf-outline" aria-label={label} rows={8} spellCheck={false} wrap="off" value={typed ?? outlined(branches)} disabled={disabled} onChange={(event) => setTyped(event.target.value)} onBlur={give} />
      <p className="b-help">{t('builder.tree.help')}</p>
    </div>
  );
}
