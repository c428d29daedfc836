/** A table for a translator: a row a text, a column a language; and what came back, taken into the document. */
import { t } from './i18n';
import { translated, type Wording } from './texts';
import { typed } from './typed';

const LONGEST = 2000;

export interface Found {
  words: { one: Wording; tag: string; words: string }[];
  /** Rows of which the document says something else by now, rows that are not its, texts that are too long. */
  stale: number;
  foreign: number;
  long: number;
}

export function tableOf(texts: readonly Wording[], tags: readonly string[]): string[][] {
  const rows = texts.map(({ place, group, name, part, text }) => [place, [group, name, part].filter(Boolean).join(' '), ...tags.map((tag) => text[tag] ?? '')]);
  return [['id', t('builder.texts.of'), ...tags], ...rows];
}

/** The first language of a row says what was translated; the others are taken where they say something new. Null: no table of ours. */
export function readFrom(rows: readonly string[][], texts: readonly Wording[], tags: readonly string[]): Found | null {
  const [head = [], ...lines] = rows;
  const columns = head.flatMap((cell, at) => (tags.includes(cell) ? [{ tag: cell, at }] : []));
  if (head[0] !== 'id' || !columns.length) return null;
  const known = new Map(texts.map((one) => [one.place, one]));
  const found: Found = { words: [], stale: 0, foreign: 0, long: 0 };
  for (const line of lines) {
    const one = known.get(line[0] ?? '');
    if (!one) found.foreign += 1;
    else take(one, columns.map(({ tag, at }) => ({ tag, words: plain(line[at]) })));
  }
  return found;

  function take(one: Wording, cells: { tag: string; words: string }[]): void {
    const source = cells.find(({ tag }) => one.text[tag]?.trim());
    if (source && source.words !== plain(one.text[source.tag])) found.stale += 1;
    else
      for (const { tag, words } of cells) {
        if (!words || words === plain(one.text[tag])) continue;
        if (words.length > LONGEST) found.long += 1;
        else found.words.push({ one, tag, words });
      }
  }
}

export function taken<D extends object>(doc: D, { words }: Found): D {
  const now = new Map<Wording, Wording>();
  return words.reduce((found, { one, tag, words: said }) => {
    const before = now.get(one) ?? one;
    now.set(one, { ...before, text: { ...before.text, [tag]: said } });
    return translated(found, before, tag, said);
  }, doc);
}

function plain(cell: string | undefined): string {
  return typed(cell ?? '').replace(/\r\n?/g, '\n').trim();
}
