/** The icon of a node or field type by its name: what is drawn of it comes with the vocabulary. */
import { useLibrary } from '../context';

const SQUARE = '<rect width="18" height="18" x="3" y="3" rx="2"/>';

export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  const body = useLibrary((library) => library.vocabulary.icons?.[name]) ?? SQUARE;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      dangerouslySetInnerHTML={{ __html: body }} // from the platform's own build
    />
  );
}
