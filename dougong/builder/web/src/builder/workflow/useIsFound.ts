/** Which steps and notes are being pointed out because they have been looked for. */
import { createContext, useContext } from 'react';

export const FoundContext = createContext<ReadonlySet<string>>(new Set());

export const WithFound = FoundContext.Provider;

export function useIsFound(uid: string): boolean {
  return useContext(FoundContext).has(uid);
}
