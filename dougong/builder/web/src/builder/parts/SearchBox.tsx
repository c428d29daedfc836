/** Looks for something in a list: what is typed narrows it, Enter takes the first. */
import { Search } from 'lucide-react';

interface Props {
  label: string;
  value: string;
  onChange(value: string): void;
  enter(): void;
}

export function SearchBox({ label, value, onChange, enter }: Props) {
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && value.trim()) enter();
  };
  return (
    <label className="b-search">
      <Search size={14} aria-hidden />
      <input className="input" type="search" placeholder={label} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} onKeyDown={pressed} />
    </label>
  );
}
