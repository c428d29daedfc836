/** Shares as a bar, each part with its name and percentage beside it. */
import { pick } from '../../core/i18n';
import type { Text } from '../../core/types';

export interface BarShare {
  uid: string;
  party: Text;
  percent: string;
  /** One of the people among whom it is divided. */
  who?: string;
  /** Behind the percentage. */
  amount?: string;
}

const HUES = ['var(--people)', 'var(--work)', 'var(--routing)', 'var(--time)', 'var(--ends)', 'var(--mark)'];

export function ShareBar({ shares }: { shares: readonly BarShare[] }) {
  const whole = Math.max(100, shares.reduce((sum, share) => sum + Number(share.percent), 0));
  return (
    <div className="bs-shares">
      <div className="bs-bar" aria-hidden>
        {shares.map((share, index) => <span key={index} style={{ width: `${(Number(share.percent) / whole) * 100}%`, background: HUES[index % HUES.length] }} />)}
      </div>
      <ul>
        {shares.map((share, index) => (
          <li key={index}>
            <i style={{ background: HUES[index % HUES.length] }} aria-hidden />
            {pick(share.party)}
            {share.who && <span>{share.who}</span>}
            <span className="muted">{share.percent}%</span>
            {share.amount && <strong className="amount">{share.amount}</strong>}
          </li>
        ))}
      </ul>
    </div>
  );
}
