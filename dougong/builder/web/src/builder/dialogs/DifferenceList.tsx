/** Differences in words, the first twenty; and how many more there are. */
import { inWords, type Difference } from '../../core/differences';
import { t } from '../../core/i18n';

const SHOWN = 20;

export function DifferenceList({ title, found }: { title: string; found: Difference[] }) {
  return (
    <section className="b-differences">
      <h3>{title}</h3>
      <ul>
        {found.slice(0, SHOWN).map((one, index) => (
          <li key={index} data-is={one.is}>
            {inWords(one)}
          </li>
        ))}
        {found.length > SHOWN && <li className="muted">{t('builder.difference.more', { count: found.length - SHOWN })}</li>}
        {!found.length && <li className="muted">{t('builder.difference.none')}</li>}
      </ul>
    </section>
  );
}
