/** A signature is drawn with finger, pen or mouse, and sent as a picture; a phrase is put into the opinion. */
import { keep } from './uploads';

export function signing(form: HTMLElement): void {
  for (const phrase of form.querySelectorAll<HTMLElement>('[data-phrase]')) phrase.addEventListener('click', () => insert(phrase));
  const address = form.dataset.upload;
  for (const box of form.querySelectorAll<HTMLElement>('[data-sign]')) if (address) pad(box, address);
}

function insert(phrase: HTMLElement): void {
  const field = document.getElementById(phrase.dataset.phrase ?? '') as HTMLTextAreaElement | null;
  if (field) field.value = [field.value.trim(), phrase.textContent?.trim() ?? ''].filter(Boolean).join(' ');
  field?.focus();
}

function pad(box: HTMLElement, address: string): void {
  const canvas = box.querySelector('canvas');
  const hidden = box.querySelector<HTMLInputElement>('input[type="hidden"]');
  const pen = canvas?.getContext('2d');
  if (!canvas || !hidden || !pen) return;
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = 'round';
  let drawing = false;
  const at = (event: PointerEvent): [number, number] => {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    pen.strokeStyle = '#111';
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener('pointerup', () => {
    drawing = false;
    canvas.toBlob((blob) => {
      if (blob) void keep(address, new File([blob], 'signature.png', { type: 'image/png' })).then((kept) => (hidden.value = kept?.id ?? ''));
    });
  });
  box.querySelector('[data-clear]')?.addEventListener('click', () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    hidden.value = '';
  });
}
