/** The sample calculation of the draft, a moment after the last change; of answers that overtake each other the last one counts. */
import { useEffect, useRef, useState } from 'react';

import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { useDraft, useSurroundings } from '../context';
import { calculate, type Calculated } from './sampling';
import type { Settlement } from './types';

const WAIT = 400;

export interface Calculation {
  result: Calculated | null;
  busy: boolean;
  failure: string;
}

export function useCalculated(wanted: boolean): Calculation {
  const { api } = useSurroundings();
  const draft = useDraft((found: Settlement) => found);
  const [state, setState] = useState<Calculation>({ result: null, busy: false, failure: '' });
  const asked = useRef(0);
  useEffect(() => {
    if (!wanted) return;
    const mine = (asked.current += 1);
    const current = () => mine === asked.current;
    const timer = setTimeout(() => {
      setState((now) => ({ ...now, busy: true }));
      calculate(api, draft).then(
        (result) => current() && setState({ result, busy: false, failure: '' }),
        (error: unknown) => current() && setState((now) => ({ ...now, busy: false, failure: error instanceof ApiError ? error.refusal.message : t('builder.save.offline') })),
      );
    }, WAIT);
    return () => clearTimeout(timer);
  }, [api, draft, wanted]);
  return state;
}
