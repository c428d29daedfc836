/** How many tickets run on each version of the open document, asked when somebody wants to know. */
import { useEffect, useState } from 'react';

import { useSurroundings } from './context';

export function useRunning(): Readonly<Record<number, number>> {
  const { api, where } = useSurroundings();
  const [running, setRunning] = useState<Readonly<Record<number, number>>>({});
  useEffect(() => void api.get<Record<number, number>>(`/documents/${where.id}/running`).then(setRunning, () => setRunning({})), [api, where.id]);
  return running;
}
