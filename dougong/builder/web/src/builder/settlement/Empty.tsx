/** A table with nothing in it: what it is for, and the first step. */
import { Table2 } from 'lucide-react';
import type { ReactNode } from 'react';

export function Empty({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <div className="bs-empty">
      <Table2 size={22} strokeWidth={1.5} aria-hidden />
      <p>{words}</p>
      {children}
    </div>
  );
}
