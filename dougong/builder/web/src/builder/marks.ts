/** What has become of an element where two versions are compared; nothing anywhere else. */
import type { Mark } from '../core/compare';
import { useOpen } from './context';

export function useMark(uid: string): Mark | undefined {
  return useOpen((open) => open.marks[uid]);
}
