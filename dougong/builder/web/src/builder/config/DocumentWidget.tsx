/** Another document of the tenant by its key: choose it, open it beside, or begin a new one without leaving. */
import { ExternalLink } from 'lucide-react';

import { pick, t } from '../../core/i18n';
import { documentsOf } from '../../core/library';
import type { Kind } from '../../core/types';
import { useLibrary, useSurroundings } from '../context';
import { NewDocument } from '../parts/NewDocument';
import { Pick } from '../parts/Pick';

interface Props {
  id: string;
  value: unknown;
  onChange(key: string | undefined): void;
  disabled: boolean;
  kind: Kind;
  empty?: string;
}

export function DocumentWidget({ id, value, onChange, disabled, kind, empty = t('builder.none') }: Props) {
  const { where } = useSurroundings();
  const library = useLibrary((found) => found);
  const documents = documentsOf(library, kind);
  const chosen = documents.find((one) => one.key === value);
  return (
    <div className="b-stack">
      <div className="b-pick-row">
        <Pick
          id={id}
          value={value as string | undefined}
          choices={documents.map((one) => ({ value: one.key, title: pick(one.title) || one.key }))}
          empty={empty}
          onChange={(key) => onChange(key || undefined)}
          disabled={disabled}
        />
        {chosen && (
          <a
            className="button small icon-only"
            href={`${where.base}/builder/${chosen.id}`}
            target="_blank"
            rel="noopener"
            aria-label={t('builder.open_other', { name: pick(chosen.title) })}
          >
            <ExternalLink size={14} aria-hidden />
          </a>
        )}
      </div>
      {!disabled && <NewDocument kind={kind} created={onChange} />}
    </div>
  );
}
