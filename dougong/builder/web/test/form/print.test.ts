/** How a form is printed. */
import { expect, test } from 'vitest';

import { leftOut, setPrint } from '../../src/builder/form/edits/print';
import { removePlaces } from '../../src/builder/form/edits/places';
import { renameField } from '../../src/builder/form/edits/rename';
import { takenApart } from '../../src/core/elements';
import { lostWith } from '../../src/core/uses';
import { idle, triple } from '../triple';
import { FORM } from './a-form';

test('a setting is set and taken away, and where none is left nothing is said', () => {
  const three = triple(FORM, (doc) => setPrint(doc, 'columns', 'three'));
  expect(three.print).toEqual({ columns: 'three' });
  expect(triple(setPrint(three, 'qr', 'no'), (doc) => setPrint(doc, 'columns', undefined)).print).toEqual({ qr: 'no' });
  expect('print' in triple(three, (doc) => setPrint(doc, 'columns', undefined))).toBe(false);
  idle(FORM, (doc) => renameField(doc, 'phone', 'phone'));
});

test('fields are left out in the order of the form, a section at once, and follow another key', () => {
  const keys = FORM.sections[0]!.fields.map(({ key }) => key);
  const [first = '', second = ''] = keys;
  expect(leftOut(FORM.sections, [second], [first], false)).toEqual([first, second]);
  expect(leftOut(FORM.sections, [second, 'gone'], keys, true)).toBeUndefined();
  const doc = setPrint(FORM, 'without', ['phone']);
  expect(triple(doc, (found) => renameField(found, 'phone', 'mobile')).print).toEqual({ without: ['mobile'] });
});

test('a field that goes is not named on paper either, and nobody is asked for that', () => {
  const doc = setPrint(setPrint(FORM, 'without', ['phone', 'hours']), 'columns', 'one');
  const place = { group: 'fields', uid: 'phone' };
  expect(lostWith(doc, [place], []).map(({ path }) => path)).not.toContain('print/without');
  expect(triple(doc, (found) => removePlaces(found, [place])).print).toEqual({ without: ['hours'], columns: 'one' });
  expect(takenApart(doc).get('')?.own.get('print/columns')).toBe('one');
});
