/** A formula as it is read: fields by their titles, and the options that they are compared with by theirs. */
import type { FieldInfo } from './fields';
import { pick } from './i18n';
import type { Option } from './types';

const TOKEN = /"[^"]*"|[A-Za-z_]\w*(?:\.[a-z]\w*)?|<>|!=|[=(),]|\s+|./gs;
const EQUALS = ['=', '<>', '!='];
/** They compare what comes before with the texts among their arguments; two of them always their first. */
const CHOOSING = /^(SWITCH|CONTAIN|COUNTIFS?|SUMIFS?|AVERAGEIF)$/i;
const FIRST = /^(SWITCH|CONTAIN)$/i;

interface Call {
  name: string;
  field: FieldInfo | undefined;
}

/** `gives`: the field that is filled with it. */
export function formulaWords(text: string, fields: readonly FieldInfo[], gives?: FieldInfo): string {
  const known = new Map(fields.map((field) => [field.key, field]));
  const tokens = text.match(TOKEN) ?? [];
  const solid = tokens.flatMap((token, at) => (token.trim() ? [at] : []));
  const calls: Call[] = [];
  const words = [...tokens];
  solid.forEach((at, place) => {
    const token = tokens[at] as string;
    const beside = (steps: number) => tokens[solid[place + steps] ?? -1] ?? '';
    const call = calls.at(-1);
    const field = known.get(token);
    if (token === '(') calls.push({ name: beside(-1), field: undefined });
    else if (token === ')') calls.pop();
    else if (field) {
      words[at] = pick(field.title) || token;
      if (call && !(call.field && FIRST.test(call.name))) call.field = field;
    } else if (token.startsWith('"')) {
      const other = [-1, 1].find((step) => EQUALS.includes(beside(step)));
      const compared = other ? known.get(beside(2 * other)) : CHOOSING.test(call?.name ?? '') ? call?.field : undefined;
      const option = optionsOf(compared ?? gives).find(({ key }) => `"${key}"` === token);
      if (option) words[at] = `"${pick(option.title) || option.key}"`;
    }
  });
  return words.join('');
}

export function optionsOf(field: FieldInfo | undefined): Option[] {
  return (field?.config?.['options'] ?? []) as Option[];
}

/** The fields whose options a formula may need: those that it names, after the one that it fills. */
export function choosable(text: string, fields: readonly FieldInfo[], gives?: FieldInfo): FieldInfo[] {
  const named = new Set(text.match(TOKEN) ?? []);
  return [...new Set([...(gives ? [gives] : []), ...fields.filter((field) => named.has(field.key))])].filter((field) => optionsOf(field).length);
}
