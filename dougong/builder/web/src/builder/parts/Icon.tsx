/** The icon of a node or field type by its name: the usual ones are built in, any other comes from the build's icons.json when it is first needed. */
import {
  AlignLeft,
  Banknote,
  Bell,
  Building2,
  Calculator,
  Calendar,
  CircleDot,
  Clock,
  Database,
  Flag,
  GitFork,
  GitMerge,
  Hash,
  Info,
  EyeOff,
  Gauge,
  ListChecks,
  ListOrdered,
  Mail,
  MapPin,
  Paperclip,
  PencilLine,
  Phone,
  Play,
  Sigma,
  Split,
  Square,
  Star,
  Table,
  ToggleLeft,
  Type,
  User,
  UserCheck,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';

const KNOWN: Record<string, LucideIcon> = {
  'align-left': AlignLeft,
  banknote: Banknote,
  bell: Bell,
  'building-2': Building2,
  calculator: Calculator,
  calendar: Calendar,
  'circle-dot': CircleDot,
  clock: Clock,
  database: Database,
  flag: Flag,
  'git-fork': GitFork,
  'git-merge': GitMerge,
  hash: Hash,
  info: Info,
  'eye-off': EyeOff,
  gauge: Gauge,
  'list-checks': ListChecks,
  'list-ordered': ListOrdered,
  mail: Mail,
  'map-pin': MapPin,
  paperclip: Paperclip,
  'pencil-line': PencilLine,
  phone: Phone,
  play: Play,
  sigma: Sigma,
  split: Split,
  star: Star,
  table: Table,
  'toggle-left': ToggleLeft,
  type: Type,
  user: User,
  'user-check': UserCheck,
};

let others: Promise<Record<string, string>> | undefined;

function loadOthers(): Promise<Record<string, string>> {
  const address = new URL('../icons.json', import.meta.url.toString()).href;
  others ??= fetch(address).then(
    (answer) => (answer.ok ? answer.json() : {}),
    () => ({}),
  );
  return others;
}

export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  const Known = KNOWN[name];
  if (Known) return <Known size={size} strokeWidth={1.75} aria-hidden />;
  return <OtherIcon name={name} size={size} />;
}

function OtherIcon({ name, size }: { name: string; size: number }) {
  const [body, setBody] = useState<string>();
  useEffect(() => {
    let gone = false;
    void loadOthers().then((icons) => gone || setBody(icons[name]));
    return () => {
      gone = true;
    };
  }, [name]);
  if (!body) return <Square size={size} strokeWidth={1.75} aria-hidden />;
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
      dangerouslySetInnerHTML={{ __html: body }} // from our own build's icons.json
    />
  );
}
