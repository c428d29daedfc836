/** The tests speak both languages. */
import { LANGUAGES } from '../src/core/i18n';
import { loadMessages, loadMore } from '../src/core/messages';

await Promise.all(LANGUAGES.flatMap((tag) => [loadMessages(tag), loadMore(tag)]));
