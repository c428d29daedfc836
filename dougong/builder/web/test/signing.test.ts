// @vitest-environment jsdom
/** A signature: what is submitted waits until the drawn picture has been kept. */
import { afterEach, expect, test, vi } from 'vitest';

import { signing } from '../src/pages/signing';

const PAGE = `<form><div data-form data-upload="/files"><div data-sign><input type="hidden" name="signature"><canvas></canvas>
  <button type="button" data-clear></button></div></div><button name="act" value="approve"></button></form>`;

afterEach(() => vi.restoreAllMocks());

/** Drawn and not kept yet; `keep` answers the upload. */
function drawn() {
  document.body.innerHTML = PAGE;
  const pen = { beginPath() {}, moveTo() {}, lineTo() {}, stroke() {}, clearRect() {} };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) => done(new Blob(['x'])));
  HTMLCanvasElement.prototype.setPointerCapture = () => undefined;
  let keep: (id: string) => void = () => undefined;
  vi.stubGlobal('fetch', () => new Promise((answer) => (keep = (id) => answer({ ok: true, json: async () => ({ id }) }))));
  const form = document.querySelector('form')!;
  const sent: [string | undefined, string][] = [];
  signing(form.querySelector<HTMLElement>('[data-form]')!);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sent.push([event.submitter?.getAttribute('value') ?? undefined, form.querySelector<HTMLInputElement>('[name=signature]')!.value]);
  });
  document.querySelector('canvas')!.dispatchEvent(new Event('pointerup'));
  return { sent, press: () => form.querySelector<HTMLElement>('[name=act]')!.click(), keep: (id: string) => keep(id) };
}

test('what is submitted right after the last stroke waits for the picture', async () => {
  const { sent, press, keep } = drawn();
  await new Promise((done) => setTimeout(done));
  press();
  expect(sent).toEqual([]);
  keep('s1');
  await vi.waitFor(() => expect(sent).toEqual([['approve', 's1']]));
});

test('what was cleared while it was on its way is not sent', async () => {
  const { sent, press, keep } = drawn();
  await new Promise((done) => setTimeout(done));
  document.querySelector<HTMLElement>('[data-clear]')!.click();
  keep('s1');
  await new Promise((done) => setTimeout(done));
  press();
  expect(sent).toEqual([['approve', '']]);
});
