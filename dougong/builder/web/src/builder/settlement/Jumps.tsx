/** Warns of what surprises people in whole-amount tiers: at a bound the amount jumps. */
import { TriangleAlert } from 'lucide-react';

import { grouped } from '../../core/decimal';
import { t } from '../../core/i18n';
import { jumpsOf, type TierValue } from './curve';
import type { Charge } from './types';
import { amountWords } from './words';

export function Jumps({ charge, value }: { charge: Charge; value: TierValue }) {
  const jumps = jumpsOf(charge, value);
  if (!jumps.length) return null;
  return (
    <div className="bs-jumps" role="note">
      <p><TriangleAlert size={14} aria-hidden />{t('builder.settlement.jump')}</p>
      <ul>
        {jumps.map((jump) => <li key={jump.bound}>{t('builder.settlement.jump.at', { bound: amountWords(jump.bound), before: grouped(jump.before), after: grouped(jump.after) })}</li>)}
      </ul>
    </div>
  );
}
