/** What the server has to say at an address; null where it says nothing, which is told. */
import { toast, word } from './words';

export async function asked<T>(address: string): Promise<T | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (answer.ok) return (await answer.json()) as T;
  } catch {
    // no connection
  }
  toast(word('app.failed'));
  return null;
}
