/** The functions of formulas, looked for by name, by what they do, or by its pinyin initials; what is chosen is put in. */
import { has, t } from '../../core/i18n';
import type { FunctionType } from '../../core/types';
import { Lookup } from '../parts/Lookup';

interface Props {
  functions: Readonly<Record<string, FunctionType>>;
  insert(name: string): void;
  returnTo(): HTMLElement | null;
}

export function InsertFunction({ functions, insert, returnTo }: Props) {
  const names = Object.keys(functions).sort((one, other) => one.localeCompare(other));
  const entries = names.map((name) => ({ key: name, title: name, note: signature(name, functions[name]!), called: { name, meaning: meaning(name) } }));
  return <Lookup title={t('builder.insert_function')} entries={entries} search={t('builder.function.search')} none={t('builder.function.none')} insert={insert} returnTo={returnTo} />;
}

function meaning(name: string): string {
  return has(`builder.function.${name}`) ? t(`builder.function.${name}`) : '';
}

/** ROUND(number, number?) 四舍五入 */
function signature(name: string, { takes, optional }: FunctionType): string {
  const words = takes.map((kind, index) => {
    const kinds = t(`builder.function.${kind.replace(/[[\]]/g, '')}`);
    return kind.startsWith('[') ? `${kinds}…` : index >= takes.length - optional ? `${kinds}?` : kinds;
  });
  return `(${words.join(', ')}) ${meaning(name)}`;
}
