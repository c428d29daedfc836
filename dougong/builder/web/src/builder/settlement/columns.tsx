/** The columns that the tables with rules have in common: one for each dimension, with the menu in its head. */
import { ArrowLeft, ArrowRight, Trash2 } from 'lucide-react';
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import type { RegionStore } from '../../core/regions';
import { useDraft, useOpen, useSurroundings, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Menu, type MenuItem } from '../parts/Menu';
import { useTaking } from '../removal';
import { CellPanel } from './CellPanel';
import { dimensionsOf, moveDimension, removeDimension, setCell } from './edits/rules';
import { codesIn, useKinds, usePlaces } from './kinds';
import { placeCode, readPlaces } from './places';
import { readCell } from './reading';
import { inputOf, type Dimension, type PriceRule, type RulesName, type Settlement, type Term } from './types';
import { cellWords, titleOf } from './words';

type Row = PriceRule | Term;

export function useDimensionColumns<R extends Row>(name: RulesName): Column<R>[] {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const dimensions = useDraft((draft: Settlement) => dimensionsOf(draft, name));
  const codes = useDraft((draft: Settlement) => codesIn(draft, name).join());
  const places = usePlaces(useMemo(() => codes.split(',').filter(Boolean), [codes]));
  const readOnly = useOpen((open) => open.readOnly);
  const { regions } = useSurroundings();
  const { change } = useVerbs<Settlement>();
  const kinds = useKinds();
  return useMemo(
    () =>
      dimensions.map((dimension, index) => {
        const { uid } = dimension;
        const input = inputs.find((one) => one.key === dimension.input);
        const kind = kinds(dimension.input);
        const title = input ? titleOf(input) : t('builder.gone', { name: dimension.input });
        const column: Column<R> = {
          key: uid,
          title,
          width: kind === 'region' || kind === 'number' ? '190px' : '150px',
          place: `when/${uid}`,
          text: (row) => cellWords(row.when[uid], input, kind, places),
          show: (row) => (row.when[uid] ? cellWords(row.when[uid], input, kind, places) : <span className="b-any">{t('builder.settlement.cell.any')}</span>),
          write: (row, text) => {
            const found = input && readCell(text, input, kind, (place) => placeCode(place, regions.getState()));
            return found ? (doc) => setCell(doc, name, row.uid, uid, found.cell) : null;
          },
          ...(readOnly ? {} : { head: <Head name={name} dimension={dimension} title={title} index={index} count={dimensions.length} /> }),
          ...(kind === 'region' ? { prepare: (texts: readonly string[]) => readPlaces(texts, regions as RegionStore) } : {}),
          ...(input ? { panel: (row) => <CellPanel cell={row.when[uid]} input={input} kind={kind} onChange={(cell) => change((doc) => setCell(doc, name, row.uid, uid, cell), `cell ${row.uid} ${uid}`)} /> } : {}),
        };
        return column;
      }),
    [name, inputs, dimensions, places, kinds, readOnly, regions, change],
  );
}

function Head({ name, dimension, title, index, count }: { name: RulesName; dimension: Dimension; title: string; index: number; count: number }) {
  const { change } = useVerbs<Settlement>();
  const take = useTaking();
  const items = [
    ...(index > 0 ? [{ key: 'left', title: <><ArrowLeft size={14} aria-hidden />{t('builder.settlement.dimension.left')}</>, act: () => change((doc) => moveDimension(doc, name, dimension.uid, -1)) }] : []),
    ...(index < count - 1 ? [{ key: 'right', title: <><ArrowRight size={14} aria-hidden />{t('builder.settlement.dimension.right')}</>, act: () => change((doc) => moveDimension(doc, name, dimension.uid, 1)) }] : []),
    { key: 'remove', title: <><Trash2 size={14} aria-hidden />{t('builder.settlement.dimension.remove')}</>, act: () => take([{ group: name === 'terms' ? 'term_dimensions' : 'dimensions', uid: dimension.uid }], () => change((doc) => removeDimension(doc, name, dimension.uid))) },
  ];
  return <Menu title="" label={t('builder.settlement.dimension.menu', { name: title })} className="b-head-menu" items={items} />;
}

/** The inputs that are no dimension yet, to choose from, and `more`. */
export function AddDimension({ name, add, more }: { name: RulesName; add(input: string): void; more: readonly MenuItem[] }) {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const dimensions = useDraft((draft: Settlement) => dimensionsOf(draft, name));
  const doc = useDraft((draft: Settlement) => draft);
  const free = inputs.filter((input) => !dimensions.some((one) => one.input === input.key));
  const note = (key: string) => (inputOf(doc, key)?.from ? t('builder.settlement.input.from_record') : '');
  const inputsOffered = dimensions.length < 30 ? free.map((input) => ({ key: input.uid, title: titleOf(input), note: note(input.key), act: () => add(input.key) })) : [];
  const items = [...inputsOffered, ...more];
  return <Menu title={t('builder.settlement.dimension.add')} items={items} disabled={!items.length} />;
}
