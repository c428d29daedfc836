/** The tiers of a rule: where each ends and what it is worth; the last one is open. Pasted from a spreadsheet as a whole. */
import { ClipboardPaste, Columns3 } from 'lucide-react';
import { useMemo, useState } from 'react';

import { readTable } from '../../core/clipboard';
import { grouped } from '../../core/decimal';
import { t } from '../../core/i18n';
import type { ChargeModel } from '../../core/types';
import { useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { addTier, pasteTiers, removeTier, setTier } from './edits/charges';
import { changeCharge } from './edits/rules';
import { readNumeric, readPercent, readTiers } from './reading';
import { priceOf, type PriceRule, type Settlement, type TableName, type Tier, type Value } from './types';
import { amountWords, boundWords, spansOf, spanWords } from './words';

interface Props {
  name: TableName;
  rule: PriceRule;
  model: ChargeModel;
}

export function TierGrid({ name, rule, model }: Props) {
  const { uid, charge } = rule;
  const value = priceOf(model);
  const [more, setMore] = useState(false);
  const besides = model.tier_may.filter((one) => more || charge.tiers?.some((tier) => tier[one as Value] !== undefined)).join();
  const { change } = useVerbs<Settlement>();
  const [pasting, setPasting] = useState(false);
  const columns = useTierColumns(name, uid, charge, value, besides);
  const tiers = charge.tiers ?? [];
  return (
    <div className="b-stack">
      <Grid
        label={t('builder.settlement.tiers')} group="" rows={tiers} columns={columns} most={50} rowName={(tier) => tier.below ?? '∞'} addWords={t('builder.settlement.tier.add')}
        fresh={() => addTier(charge).tiers?.at(-2) as Tier} insert={(rows) => (doc) => changeCharge(doc, name, uid, (now) => rows.reduce((found, fresh) => withFresh(addTier(found), fresh), now))}
        whole={(table) => tiersIn(table, value) && ((doc) => changeCharge(doc, name, uid, (now) => pasteTiers(now, tiersIn(table, value) ?? [], value)))}
        remove={(uids) => (doc) => changeCharge(doc, name, uid, (now) => uids.reduce(removeTier, now))}
        tools={<>{model.tier_may.length > 0 && <button type="button" className="button quiet small" aria-pressed={more} onClick={() => setMore(!more)}><Columns3 size={14} aria-hidden />{t('builder.settlement.tier.more')}</button>}<button type="button" className="button quiet small" aria-expanded={pasting} onClick={() => setPasting(!pasting)}><ClipboardPaste size={14} aria-hidden />{t('builder.settlement.tier.paste')}</button></>}
        empty={null}
      />
      {pasting && (
        <PasteBox value={value} close={() => setPasting(false)} take={(rows) => change((doc) => changeCharge(doc, name, uid, (now) => pasteTiers(now, rows, value)))} />
      )}
    </div>
  );
}

/** The new tier under the uid that is already known. */
function withFresh<C extends PriceRule['charge']>(charge: C, fresh: Tier): C {
  const tiers = charge.tiers ?? [];
  return { ...charge, tiers: tiers.with(tiers.length - 2, { ...(tiers.at(-2) as Tier), uid: fresh.uid }) };
}

/** A block of a spreadsheet that says bounds and what they are worth. */
function tiersIn(table: string[][], value: Value): ReturnType<typeof readTiers> | null {
  const found = table.every((row) => row.length > 1) ? readTiers(table, value === 'percent' ? readPercent : readNumeric) : [];
  return found.length > 1 ? found : null;
}

function useTierColumns(name: TableName, uid: string, charge: PriceRule['charge'], value: Value, besides: string): Column<Tier>[] {
  return useMemo(() => {
    const spans = spansOf(charge);
    const last = charge.tiers?.at(-1)?.uid;
    const upto = charge.bounds === 'upto';
    const set = (tier: Tier, part: Partial<Tier>) => (doc: Settlement) => changeCharge(doc, name, uid, (now) => setTier(now, tier.uid, part));
    return [
      {
        key: 'span', title: t('builder.settlement.tier.span'), width: besides ? '110px' : 'auto',
        text: (tier) => {
          const span = spans.find((one) => one.tier.uid === tier.uid);
          return span ? spanWords(span.from, span.below, amountWords, upto) : '';
        },
        show: (tier) => {
          const span = spans.find((one) => one.tier.uid === tier.uid);
          const words = span ? spanWords(span.from, span.below, boundWords(charge.model), upto) : '';
          return <span className="bs-span" title={words}>{words}</span>;
        },
      },
      {
        key: 'below', title: t('builder.settlement.tier.below'), width: '78px', end: true, place: `tiers`,
        absent: (tier) => tier.uid === last && (tier.below ?? null) === null,
        text: (tier) => tier.below ?? '',
        show: (tier) => (tier.below ? boundWords(charge.model, grouped)(tier.below) : ''),
        write: (tier, text) => {
          const below = readNumeric(text);
          return below === null || below.startsWith('-') ? null : set(tier, { below });
        },
      },
      ...[value, ...(besides.split(',').filter(Boolean) as Value[])].map((figure): Column<Tier> => ({
        key: figure, title: t(figure === 'percent' ? 'builder.settlement.tier.percent' : figure === 'rate' ? 'builder.settlement.tier.rate' : `builder.settlement.value.${figure}`), width: '56px', end: true, place: figure,
        text: (tier) => tier[figure] ?? '',
        show: (tier) => (tier[figure] === undefined ? '' : figure === 'percent' ? `${tier[figure]}%` : grouped(tier[figure])),
        write: (tier, text) => {
          const found = text.trim() ? (figure === 'percent' ? readPercent(text) : readNumeric(text)) : undefined;
          return found === null ? null : set(tier, { [figure]: found });
        },
      })),
    ];
  }, [name, uid, charge, value, besides]);
}

interface PasteProps {
  value: Value;
  take(rows: ReturnType<typeof readTiers>): void;
  close(): void;
}

function PasteBox({ value, take, close }: PasteProps) {
  const [text, setText] = useState('');
  const rows = readTiers(readTable(text), value === 'percent' ? readPercent : readNumeric);
  return (
    <div className="b-stack">
      <textarea className="input" rows={4} autoFocus aria-label={t('builder.settlement.tier.paste')} placeholder={t('builder.settlement.tier.paste.help')} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="b-row">
        <button
          type="button" className="button small primary" disabled={!rows.length}
          onClick={() => {
            take(rows);
            close();
          }}
        >
          {t('builder.settlement.tier.paste.take', { count: rows.length })}
        </button>
        <button type="button" className="button quiet small" onClick={close}>{t('builder.cancel')}</button>
      </div>
    </div>
  );
}
