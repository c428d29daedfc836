/** From which field of the ticket each column of a settlement takes its value. */
import { pick, t } from '../../../core/i18n';
import { documentOf, fieldType } from '../../../core/library';
import type { SettlementDoc } from '../../../core/types';
import { useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { inRow } from './inRow';
import { MappingRows, type Mapping } from './MappingRows';

function Inputs({ value, onChange, all, disabled }: WidgetProps) {
  const library = useLibrary((found) => found);
  const settlement = documentOf<SettlementDoc>(library, 'settlement', all['settlement'] as string | undefined)?.draft;
  if (!settlement) return <p className="b-help">{t('builder.inputs.no_settlement')}</p>;
  const rows = settlement.inputs.map((column) => {
    const isDate = column.key === settlement['date'];
    const looked = Boolean((column as { from?: unknown }).from);
    const kind = fieldType(library, column.type)?.kind;
    return {
      key: column.key,
      title: pick(column.title) || column.key,
      kinds: kind ? [kind] : undefined,
      required: column.required ?? false,
      empty: t(isDate ? 'builder.inputs.today' : looked ? 'builder.inputs.looked_up' : 'builder.none'),
    };
  });
  return <MappingRows rows={rows} value={(value ?? {}) as Mapping} onChange={onChange} disabled={disabled} />;
}

export const InputsWidget = inRow(Inputs);
