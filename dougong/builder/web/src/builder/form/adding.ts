/** Adding a field or a section from the palette: what was added is selected. */
import { fieldType } from '../../core/library';
import type { Field, FormDoc } from '../../core/types';
import { useDocument, useSurroundings } from '../context';
import type { Fall } from '../drag/lift';
import { addAfter, addField, newField } from './edits/fields';
import { addSection, addSectionAfter, newSection } from './edits/sections';
import { presetField, type Preset } from './presets';

export interface Adding {
  /** Behind what is selected, or where it was dropped. */
  field(type: string, fall?: Fall): void;
  preset(preset: Preset, fall?: Fall): void;
  section(fall?: Fall): void;
}

export function useAdding(): Adding {
  const store = useDocument<FormDoc>();
  const { library } = useSurroundings();
  const show = (group: string, uid: string) => {
    store.verbs.select([{ group, uid }]);
    requestAnimationFrame(() => document.querySelector(`.b-canvas [data-card="${CSS.escape(uid)}"]`)?.scrollIntoView({ block: 'nearest' }));
  };
  const selected = () => store.getState().selection.at(-1)?.uid;
  const put = (make: (doc: FormDoc) => Field, fall: Fall | undefined) => {
    if (store.getState().readOnly) return;
    const field = make(store.getState().draft);
    store.verbs.change((doc) => (fall ? addField(doc, field, fall.zone, fall.before) : addAfter(doc, field, selected())));
    show('fields', field.uid);
  };
  return {
    field: (name, fall) => {
      const type = fieldType(library.getState(), name);
      if (type) put((doc) => newField(doc, type), fall);
    },
    preset: (preset, fall) => put((doc) => presetField(doc, preset), fall),
    section: (fall) => {
      if (store.getState().readOnly) return;
      const section = newSection();
      store.verbs.change((doc) => (fall ? addSection(doc, section, fall.before) : addSectionAfter(doc, section, selected())));
      show('sections', section.uid);
    },
  };
}
