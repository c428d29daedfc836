/** Opens the table of all steps' rights to all fields, which is loaded by then. */
import { Table2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { t } from '../../core/i18n';

const RightsMatrix = lazy(() => import('./RightsMatrix').then((found) => ({ default: found.RightsMatrix })));

export function MatrixButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button small b-start" onClick={() => setOpen(true)}>
        <Table2 size={14} aria-hidden />
        {t('builder.matrix')}
      </button>
      <Suspense>{open && <RightsMatrix close={() => setOpen(false)} />}</Suspense>
    </>
  );
}
