/** Who else has this draft open: a circle for each, with the name on hover. */
import { t } from '../core/i18n';
import { Tip } from './parts/Tip';
import { usePresence } from './presence';

const SHOWN = 4;

export function Others() {
  const others = usePresence();
  const words = (name: string, self: boolean) => (self ? t('builder.others.self') : t('builder.others.one', { name }));
  if (!others.length) return null;
  return (
    <ul className="b-others" aria-label={t('builder.others')}>
      {others.slice(0, SHOWN).map(({ page, name, self }) => (
        <li key={page}>
          <Tip words={words(name, self)}>
            <span className="b-other" data-self={self} tabIndex={0} role="img" aria-label={words(name, self)}>
              {name.slice(0, 1)}
            </span>
          </Tip>
        </li>
      ))}
      {others.length > SHOWN && <li className="muted small">+{others.length - SHOWN}</li>}
    </ul>
  );
}
