/** The elements of one document that name something, in words. */
import { t } from '../../core/i18n';
import type { Doc } from '../../core/types';
import type { Use } from '../../core/uses';
import { useWording } from './wording';

const SHOWN = 50;

interface UsesProps {
  title: string;
  doc: Doc;
  uses: Use[];
  address?: string;
  /** Says nothing where there is no use in it. */
  quiet?: boolean;
}

export function Uses({ title, doc, uses, address, quiet }: UsesProps) {
  const words = useWording(doc);
  if (quiet && !uses.length) return null;
  const said = [...new Set(uses.map(({ id, path }) => [id && `${words.group(id)} ${words.name(id)}`, id.startsWith('stories/') ? '' : words.part(id, path)].filter(Boolean).join(' · ')))];
  return (
    <section className="b-differences">
      <h3>{address ? <a href={address} target="_blank" rel="noopener">{title}</a> : title}</h3>
      <ul>
        {said.slice(0, SHOWN).map((one) => (
          <li key={one}>{one}</li>
        ))}
        {said.length > SHOWN && <li className="muted">{t('builder.difference.more', { count: said.length - SHOWN })}</li>}
      </ul>
    </section>
  );
}
