/** The keyboard, told. */
import { t } from '../../core/i18n';
import { useEditor } from '../context';
import { Dialog } from '../parts/Dialog';

const KEYS: readonly (readonly [string, string])[] = [
  ['undo', 'Ctrl Z'],
  ['redo', 'Ctrl Shift Z'],
  ['save', 'Ctrl S'],
  ['copy', 'Ctrl C'],
  ['paste', 'Ctrl V'],
  ['duplicate', 'Ctrl D'],
  ['all', 'Ctrl A'],
  ['delete', 'Delete'],
  ['deselect', 'Esc'],
  ['add', 'Enter'],
  ['move', '← ↑ → ↓'],
  ['box', 'Shift'],
];

export function KeysDialog({ close }: { close: () => void }) {
  const { keys: shown = KEYS } = useEditor();
  return (
    <Dialog title={t('builder.keys')} onClose={close}>
      <dl className="b-keys" tabIndex={0}>
        {shown.map(([what, keys]) => (
          <div key={what}>
            <dt>{t(`builder.keys.${what}`)}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
