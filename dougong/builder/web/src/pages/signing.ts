/** A signature is drawn with finger, pen or mouse, and sent as a picture; what is submitted waits for it. A phrase is put into the opinion. */
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
  if (canvas.dataset.picture) redraw(canvas, pen, canvas.dataset.picture);
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
  let sending: Promise<void> | undefined;
  canvas.addEventListener('pointerup', () => {
    drawing = false;
    const mine: Promise<void> = sent(canvas, address).then((id) => {
      if (sending !== mine) return; // drawn on, or cleared
      hidden.value = id;
      sending = undefined;
    });
    sending = mine;
  });
  box.querySelector('[data-clear]')?.addEventListener('click', () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    sending = undefined;
    hidden.value = '';
  });
  const sheet = box.closest('form');
  const submitted = (event: SubmitEvent) => {
    if (!sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void sending.then(() => sheet?.requestSubmit(event.submitter));
  };
  sheet?.addEventListener('submit', submitted, { capture: true });
}

/** What was drawn before and not taken stands there again. */
function redraw(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, address: string): void {
  const picture = new Image();
  picture.addEventListener('load', () => pen.drawImage(picture, 0, 0, canvas.width, canvas.height));
  picture.src = address;
}

/** The id of the kept picture; '' where it could not be kept. */
async function sent(canvas: HTMLCanvasElement, address: string): Promise<string> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  const kept = blob && (await keep(address, new File([blob], 'signature.png', { type: 'image/png' })));
  return kept?.id ?? '';
}
