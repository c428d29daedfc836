/** Asks before what cannot be taken back, in a dialog of the page's own. */
import { word } from './words';

export function ask(question: string): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog small-dialog';
  const words = document.createElement('p');
  words.textContent = question;
  const foot = document.createElement('footer');
  foot.className = 'actions';
  const yes = button(word('app.yes'), 'button primary');
  const no = button(word('app.cancel'), 'button quiet');
  foot.append(yes, no);
  dialog.append(words, foot);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener('click', () => dialog.close('yes'));
    no.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
    no.focus();
  });
}

function button(text: string, style: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = style;
  made.textContent = text;
  return made;
}
