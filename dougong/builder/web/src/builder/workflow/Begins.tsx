/** When a workflow with these settings begins by itself next, as the server reckons it. */
import { useEffect, useState } from 'react';

import { listed, t } from '../../core/i18n';
import type { Config } from '../../core/types';
import { useSurroundings } from '../context';

export default function Begins({ config }: { config: Config }) {
  const { api } = useSurroundings();
  const [found, setFound] = useState<{ times: string[]; zone: string } | null>(null);
  const asked = JSON.stringify({ config });
  useEffect(() => {
    let current = true;
    api.post<{ times: string[]; zone: string }>('/begins', JSON.parse(asked)).then(
      (answer) => current && setFound(answer),
      () => current && setFound(null), // it is only told; the checks say what is wrong
    );
    return () => {
      current = false;
    };
  }, [api, asked]);
  if (!found?.times.length) return null;
  const times = listed(found.times.map((time) => time.replace('T', ' ')));
  return <p className="b-setting b-help b-begins" role="status">{t('builder.begins', { times, zone: found.zone })}</p>;
}
