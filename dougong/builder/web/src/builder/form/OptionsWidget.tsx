/** The options of a choice, with a new key carried to whatever names the old one in this form. */
import type { FormDoc } from '../../core/types';
import type { WidgetProps } from '../config/widget';
import { useOpen, useVerbs } from '../context';
import { OptionRows } from '../options/OptionRows';
import { renameOption } from './edits/rename';

export function OptionsWidget({ value, onChange, disabled, pointer }: WidgetProps) {
  const published = useOpen((open) => open.versions.length > 0);
  const { change } = useVerbs<FormDoc>();
  const rename = (option: string, key: string) => change((doc) => {
    const field = fieldAt(doc, pointer);
    return field ? renameOption(doc, field, option, key) : doc;
  });
  return <OptionRows value={value} onChange={onChange} rename={rename} disabled={disabled} published={published} />;
}

/** /sections/0/fields/2/config/options: the uid of the field that a setting is of. */
export function fieldAt(doc: FormDoc, pointer: string): string | undefined {
  const [, , section, , field] = pointer.split('/');
  return doc.sections[Number(section)]?.fields[Number(field)]?.uid;
}
