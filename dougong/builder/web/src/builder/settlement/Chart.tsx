/** The amount against what is measured, as a small drawing. */
import { t } from '../../core/i18n';
import { curveOf, type TierValue } from './curve';
import type { Charge } from './types';
import { amountWords } from './words';

interface Props {
  charge: Charge;
  whole: boolean;
  value: TierValue;
  measure: string;
}

const BOX = { width: 300, height: 150, left: 46, right: 8, top: 10, bottom: 24 };

export function Chart({ charge, whole, value, measure }: Props) {
  const curve = curveOf(charge, value, whole);
  if (!curve || curve.most[1] <= 0) return null;
  const [far, high] = curve.most;
  const x = (at: number) => BOX.left + (at / far) * (BOX.width - BOX.left - BOX.right);
  const y = (amount: number) => BOX.height - BOX.bottom - (amount / high) * (BOX.height - BOX.top - BOX.bottom);
  const floor = BOX.height - BOX.bottom;
  return (
    <figure className="bs-chart">
      <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={t('builder.settlement.chart', { measure })}>
        <path className="bs-axis" d={`M${BOX.left} ${BOX.top}V${floor}H${BOX.width - BOX.right}`} />
        {curve.bounds.map((bound) => (
          <g key={bound}>
            <path className="bs-bound" d={`M${x(bound)} ${BOX.top}V${floor}`} />
            <text x={x(bound)} y={BOX.height - 8} textAnchor="middle">{amountWords(String(bound))}</text>
          </g>
        ))}
        {[0.5, 1].map((part) => <text key={part} x={BOX.left - 5} y={y(high * part) + 4} textAnchor="end">{short(high * part)}</text>)}
        {curve.lines.map((line, index) => <path key={index} className="bs-curve" d={`M${line.map(([at, amount]) => `${x(at).toFixed(1)} ${y(amount).toFixed(1)}`).join('L')}`} />)}
        {whole && curve.lines.slice(1).map((line, index) => <path key={index} className="bs-jump" d={`M${x(line[0]![0])} ${y(curve.lines[index]![1]![1])}V${y(line[0]![1])}`} />)}
      </svg>
      <figcaption className="muted small">{t('builder.settlement.chart', { measure })}</figcaption>
    </figure>
  );
}

/** An amount with three figures at most: it only marks the height. */
function short(amount: number): string {
  return amountWords(String(Number(amount.toPrecision(3))));
}
