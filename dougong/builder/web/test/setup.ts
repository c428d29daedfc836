/** The tests speak both languages. */
import { LANGUAGES } from '../src/core/i18n';
import { loadMessages } from '../src/core/messages';

await Promise.all(LANGUAGES.map(loadMessages));
