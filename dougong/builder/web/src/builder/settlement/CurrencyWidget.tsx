/** A currency by its name; of sums also that they are so much in each. */
import { t } from '../../core/i18n';
import type { WidgetProps } from '../config/widget';
import { Pick } from '../parts/Pick';
import { currencyChoices } from './currencies';

const OWN = 'own';

function currencyWidget(also: () => { value: string; title: string }[]) {
  return function CurrencyBox({ id, value, onChange, disabled, empty }: WidgetProps) {
    const now = typeof value === 'string' && value !== OWN ? value : undefined;
    return <Pick id={id} value={value as string | undefined} choices={[...also(), ...currencyChoices(now)]} empty={empty} disabled={disabled} onChange={(code) => onChange(code || undefined)} />;
  };
}

export const CurrencyWidget = currencyWidget(() => []);
export const SumsWidget = currencyWidget(() => [{ value: OWN, title: t('builder.settlement.currency.own') }]);
