/** What people type and paste, without what our JSON may not hold. */

// The control characters that the server refuses (`runtime/canonical.py`); a paste from elsewhere sometimes brings one.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/gu;

export function typed(text: string): string {
  return text.replace(CONTROL, '');
}
