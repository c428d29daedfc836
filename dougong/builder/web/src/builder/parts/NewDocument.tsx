/** A new document of a kind by its name alone, made where it is needed; its own editor fills it later. */
import { Plus } from 'lucide-react';
import { useState } from 'react';

import { ApiError } from '../../core/api';
import { LANGUAGES, t } from '../../core/i18n';
import type { Kind, Text } from '../../core/types';
import { useSurroundings } from '../context';

export function NewDocument({ kind, created }: { kind: Kind; created(key: string): void }) {
  const { library } = useSurroundings();
  const [name, setName] = useState<string>();
  const [failure, setFailure] = useState('');
  const words = { kind: t(`builder.kind.${kind}`) };

  async function make(): Promise<void> {
    const title: Text = Object.fromEntries(LANGUAGES.map((tag) => [tag, name?.trim() ?? '']));
    try {
      created(await library.create(kind, title));
      setName(undefined);
    } catch (error) {
      setFailure(error instanceof ApiError ? error.refusal.message : t('builder.save.offline'));
    }
  }

  if (name === undefined) {
    return (
      <button type="button" className="b-link small b-new" onClick={() => setName('')}>
        <Plus size={13} aria-hidden />
        {t('builder.fresh', words)}
      </button>
    );
  }
  return (
    <div className="b-stack">
      <div className="b-pick-row">
        <input
          className="input"
          autoFocus
          aria-label={t('builder.fresh.name', words)}
          placeholder={t('builder.fresh.name', words)}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && name.trim() && !event.nativeEvent.isComposing) void make();
            if (event.key === 'Escape') setName(undefined);
          }}
        />
        <button type="button" className="button small primary" disabled={!name.trim()} onClick={() => void make()}>
          {t('builder.fresh.make')}
        </button>
      </div>
      {failure && (
        <p className="b-said b-error" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}
