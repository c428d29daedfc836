/** The sample calculation below the tables: lines to be typed, what each is worth, and the statements they make, part by part. */
import { Calculator, ChevronDown, ChevronUp, LoaderCircle, Scale } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';
import { newUid } from '../../core/uid';
import { useDraft, useSurroundings, useVerbs } from '../context';
import { Grid } from '../grid/Grid';
import { addSamples, moveSample, MOST_SAMPLES, newSample, nudgeSample, removeSamples } from './edits/rest';
import { Empty } from './Empty';
import { useSampleColumns } from './sample-columns';
import { Statements } from './Statements';
import type { Sample, Settlement } from './types';
import { useCalculated } from './useCalculated';

const NONE: Sample[] = [];
const PHONE = 760; // px: there it would take the room of the tables

export function SampleDock() {
  const samples = useDraft((draft: Settlement) => draft.samples) ?? NONE;
  const [open, setOpen] = useState(innerWidth > PHONE);
  const { where } = useSurroundings();
  const { saveNow } = useVerbs<Settlement>();
  /** In a page of its own, which a browser opens only at once, with what is saved. */
  const compare = async (address: string) => {
    const page = window.open('', '_blank');
    await saveNow();
    if (page) page.location.href = address;
  };
  const { result, busy, failure } = useCalculated(open && samples.length > 0);
  return (
    <section className="bs-dock" data-open={open || undefined} aria-label={t('builder.settlement.sample')}>
      <header>
        <button type="button" className="bs-dock-head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Calculator size={15} aria-hidden />
          <strong>{t('builder.settlement.sample')}</strong>
          <span className="muted small">{t('builder.settlement.sample.about')}</span>
          {open ? <ChevronDown size={15} aria-hidden /> : <ChevronUp size={15} aria-hidden />}
        </button>
        {where.trial && <button type="button" className="button quiet small" title={t('builder.settlement.trial.help')} onClick={() => void compare(where.trial ?? '')}><Scale size={14} aria-hidden />{t('builder.settlement.trial')}</button>}
        {busy && <LoaderCircle size={14} className="b-turning" aria-label={t('builder.settlement.sample.busy')} />}
        {failure && <span className="b-said b-error" role="alert">{failure}</span>}
        {result?.problems && <span className="b-said b-warning" role="status">{t('builder.settlement.sample.problems')}</span>}
      </header>
      {open && (
        <div className="bs-dock-body" data-scrolls>
          <SampleGrid samples={samples} result={samples.length ? result : null} />
          {result && !result.problems && samples.length > 0 && <Statements result={result} />}
        </div>
      )}
    </section>
  );
}

function SampleGrid({ samples, result }: { samples: Sample[]; result: ReturnType<typeof useCalculated>['result'] }) {
  const draft = useDraft((found: Settlement) => found);
  const columns = useSampleColumns(result);
  const today = new Date().toISOString().slice(0, 10);
  const copies = (uids: readonly string[]) => (doc: Settlement) => addSamples(doc, (doc.samples ?? []).filter((one) => uids.includes(one.uid)).map((one) => ({ ...one, uid: newUid() })), uids.at(-1));
  return (
    <Grid
      label={t('builder.settlement.sample')} group="samples" rows={samples} columns={columns} most={MOST_SAMPLES} rowName={() => t('builder.settlement.sample.line')} addWords={t('builder.settlement.sample.add')}
      fresh={() => newSample(draft, today)} insert={(rows, after) => (doc) => addSamples(doc, rows, after)} duplicate={copies} remove={(uids) => (doc) => removeSamples(doc, uids)}
      move={(uid, before) => (doc) => moveSample(doc, uid, before)} nudge={(uid, by) => (doc) => nudgeSample(doc, uid, by)}
      empty={<Empty words={t('builder.settlement.sample.empty')} />}
    />
  );
}
