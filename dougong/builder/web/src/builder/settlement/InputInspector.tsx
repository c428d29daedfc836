/** The settings of one input: what its type asks, with the options that the rules choose from. */
import { pick, t } from '../../core/i18n';
import { fieldType } from '../../core/library';
import { asType, retitled } from '../../core/titles';
import { SchemaForm } from '../config/SchemaForm';
import type { WidgetProps } from '../config/widget';
import { useLibrary, useOpen, useVerbs } from '../context';
import { OptionRows } from '../options/OptionRows';
import { Icon } from '../parts/Icon';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { renameInputOption, setInput, setInputConfig } from './edits/inputs';
import type { Input, Settlement } from './types';

export function InputInspector({ input, pointer }: { input: Input; pointer: string }) {
  const type = useLibrary((library) => fieldType(library, input.type));
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Settlement>();
  return (
    <>
      <div className="b-inspector-head">
        <Icon name={type?.icon ?? ''} size={17} />
        <h2>{pick(input.title) || input.key}</h2>
        <span className="tag">{t('builder.group.inputs')}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={input.title} disabled={readOnly} onChange={(title) => change((doc) => setInput(doc, input.uid, 'title', retitled(input.title, title ?? {}, asType(type?.title))), `title ${input.uid}`)} />
      </Setting>
      {type && <SchemaForm schema={type.config} value={input.config ?? {}} pointer={`${pointer}/config`} widgets={WIDGETS} without={['fill', 'public', 'style', 'placeholder', 'detail']} onChange={(key, value) => change((doc) => setInputConfig(doc, input.uid, key, value), `config ${input.uid} ${key}`)} />}
      {input.from && <p className="b-help">{t('builder.settlement.input.from.help')}</p>}
    </>
  );
}

const WIDGETS = { options: Options };

function Options({ value, onChange, disabled, pointer }: WidgetProps) {
  const published = useOpen((open) => open.versions.length > 0);
  const { change } = useVerbs<Settlement>();
  const rename = (option: string, key: string) => change((doc) => {
    const input = doc.inputs[Number(pointer.split('/')[2])];
    return input ? renameInputOption(doc, input.uid, option, key) : doc;
  });
  return <OptionRows value={value} onChange={onChange} rename={rename} disabled={disabled} published={published} />;
}
