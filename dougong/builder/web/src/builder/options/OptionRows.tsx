/** The options of a choice as rows: title in each language, key, colour; moved by grip, many pasted at once. */
import { ClipboardPaste, Plus, X } from 'lucide-react';
import { useId, useState } from 'react';

import { language, t, tagOf, writtenIn } from '../../core/i18n';
import { moved, nudged } from '../../core/lists';
import { asNumbered, retitled } from '../../core/titles';
import type { Option } from '../../core/types';
import { useSurroundings } from '../context';
import { Grip } from '../drag/Grip';
import { addOption, changeOption, isOptionKey, MOST_OPTIONS, pasteOptions, removeOption } from './edits';
import './options.css';

interface Props {
  value: unknown;
  onChange(options: Option[]): void;
  /** Another key: what names the old one follows. */
  rename(option: string, key: string): void;
  disabled: boolean;
  /** Keys are data then: they stay. */
  published: boolean;
}

export function OptionRows({ value, onChange, rename, disabled, published }: Props) {
  const options = Array.isArray(value) ? (value as Option[]) : [];
  const zone = `options ${useId()}`;
  const [pasting, setPasting] = useState(false);
  const add = () => {
    const number = options.length + 1;
    onChange(addOption(options, { 'zh-Hans': `选项 ${number}`, en: `Option ${number}` }));
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`[data-zone="${CSS.escape(zone)}"] > :last-child .b-option-title`)?.select());
  };
  return (
    <div className="b-stack">
      <ul className="b-options" data-zone={zone} data-zone-id="options">
        {options.map((option) => (
          <li key={option.uid} data-item={option.uid}>
            <Grip uid={option.uid} label={option.title[language()] ?? option.key} what={zone} disabled={disabled} drop={(fall) => onChange(moved(options, option.uid, fall.before))} move={(direction) => onChange(nudged(options, option.uid, direction === 'up' || direction === 'left' ? -1 : 1))} />
            <Row option={option} disabled={disabled} fixed={published} taken={options.filter((one) => one !== option).map((one) => one.key)} change={(part) => onChange(changeOption(options, option.uid, part))} rename={(key) => rename(option.uid, key)} />
            <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name: option.title[language()] ?? option.key })} disabled={disabled || options.length < 2} onClick={() => onChange(removeOption(options, option.uid))}>
              <X size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {!disabled && (
        <div className="b-row">
          <button type="button" className="button small" disabled={options.length >= MOST_OPTIONS} onClick={add}><Plus size={14} aria-hidden />{t('builder.options.add')}</button>
          <button type="button" className="button quiet small" aria-expanded={pasting} onClick={() => setPasting(!pasting)}><ClipboardPaste size={14} aria-hidden />{t('builder.options.paste')}</button>
        </div>
      )}
      {pasting && <PasteBox take={(text) => onChange(pasteOptions(options, text))} close={() => setPasting(false)} />}
    </div>
  );
}

const TONES = ['plain', 'good', 'warn', 'bad'] as const;

interface RowProps {
  option: Option;
  disabled: boolean;
  fixed: boolean;
  taken: readonly string[];
  change(part: Partial<Option>): void;
  rename(key: string): void;
}

function Row({ option, disabled, fixed, taken, change, rename }: RowProps) {
  const { languages } = useSurroundings().where;
  const tone = option.tone ?? 'plain';
  const next = TONES[(TONES.indexOf(tone) + 1) % TONES.length] as (typeof TONES)[number];
  return (
    <div className="b-option">
      {writtenIn(languages, option.title).map((tag) => (
        <input
          key={tag} className="input b-option-title" lang={tag} dir="auto" aria-label={`${t('builder.options.title')} ${tagOf(tag)}`} placeholder={tagOf(tag)} maxLength={200} value={option.title[tag] ?? ''} disabled={disabled}
          onChange={(event) => change({ title: retitled(option.title, { ...option.title, [tag]: event.target.value }, asNumbered) })}
        />
      ))}
      <KeyInput option={option} disabled={disabled || fixed} taken={taken} rename={rename} />
      <button type="button" className="b-tone" data-tone={tone} aria-label={t('builder.options.tone', { tone: t(`builder.options.tone.${tone}`) })} title={t('builder.options.tone', { tone: t(`builder.options.tone.${tone}`) })} disabled={disabled} onClick={() => change({ tone: next })} />
    </div>
  );
}

function KeyInput({ option, disabled, taken, rename }: Pick<RowProps, 'option' | 'disabled' | 'taken' | 'rename'>) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? option.key;
  const wrong = !isOptionKey(text) || taken.includes(text);
  const give = () => {
    setTyped(undefined);
    if (!wrong && text !== option.key) rename(text);
  };
  return (
    <input
      className="input b-option-key" aria-label={t('builder.options.key')} title={t('builder.options.key')} spellCheck={false} maxLength={40} value={text} disabled={disabled} aria-invalid={wrong || undefined}
      onChange={(event) => setTyped(event.target.value.trim())} onBlur={give} onKeyDown={(event) => event.key === 'Enter' && give()}
    />
  );
}

function PasteBox({ take, close }: { take(text: string): void; close(): void }) {
  const [text, setText] = useState('');
  const done = () => {
    take(text);
    close();
  };
  return (
    <div className="b-stack">
      <textarea className="input" rows={5} autoFocus aria-label={t('builder.options.paste')} placeholder={t('builder.options.paste.help')} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="b-row">
        <button type="button" className="button small primary" disabled={!text.trim()} onClick={done}>{t('builder.options.paste.take')}</button>
        <button type="button" className="button quiet small" onClick={close}>{t('builder.cancel')}</button>
      </div>
    </div>
  );
}
