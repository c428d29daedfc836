/** One cell of a grid: drawn, typed into, or opened. */
import { Popover } from 'radix-ui';
import { useLayoutEffect, useRef, type RefObject } from 'react';

import type { Problem } from '../../core/types';
import { Tip } from '../parts/Tip';
import type { Column } from './column';
import type { CellActions, Then } from './GridRow';
import { worst } from './problems';

interface Props<R> {
  row: R;
  column: Column<R>;
  tabbable: boolean;
  isAt: boolean;
  ranged: boolean;
  problems: readonly Problem[];
  editing: boolean;
  typed: string | undefined;
  actions: RefObject<CellActions>;
}

export function GridCell<R extends { uid: string }>({ row, column, tabbable, isAt, ranged, problems, editing, typed, actions }: Props<R>) {
  const cell = { row: row.uid, col: column.key };
  const absent = column.absent?.(row) ?? false;
  const opens = editing && !absent && column.panel !== undefined && typed === undefined;
  const types = editing && !absent && !opens;
  const close = () => actions.current.commit(cell, null, 'stay');
  /** Whoever types, where a panel has opened, means the cell; in its boxes he means the box. */
  const typedOver = (event: React.KeyboardEvent) => {
    if (!column.write || !isTyping(event) || (event.target as Element).matches('input, select, textarea')) return;
    event.preventDefault();
    actions.current.edit(cell, event.key);
  };
  const td = (
    <td
      data-row={row.uid} data-col={column.key} data-at={isAt || undefined} data-range={ranged || undefined} data-end={column.end || undefined} data-tone={column.tone} data-absent={absent || undefined} data-wrong={worst(problems)}
      tabIndex={tabbable ? 0 : -1} role="gridcell" aria-invalid={worst(problems) === 'error' || undefined} aria-readonly={!column.write && !column.panel && !column.open ? true : undefined}
      onFocus={(event) => event.target === event.currentTarget && !isAt && actions.current.choose(cell, 'pointer', false)} // Tab has led here
      onPointerDown={(event) => {
        if (!event.currentTarget.contains(event.target as Node) || types) return;
        if (event.shiftKey) event.preventDefault();
        actions.current.choose(cell, 'pointer', event.shiftKey);
      }}
      onPointerEnter={(event) => event.buttons === 1 && event.pointerType === 'mouse' && !document.documentElement.dataset['dragging'] && actions.current.extend(cell)}
      onClick={(event) => !event.shiftKey && !editing && !ranged && event.currentTarget.contains(event.target as Node) && actions.current.edit(cell)}
    >
      {types ? <Typing text={typed ?? column.text(row)} all={typed === undefined} end={column.end ?? false} label={column.title} type={(text) => actions.current.type(cell, text)} done={(text, then) => actions.current.commit(cell, text, then)} fill={() => actions.current.fill()} /> : <div className="b-cell">{absent ? null : (column.show?.(row) ?? column.text(row))}</div>}
      {problems.length > 0 && <Tip words={problems.map((problem, key) => <p key={key}>{problem.message} {problem.advice}</p>)}><span className="b-cell-wrong" aria-label={problems.map((problem) => problem.message).join(' ')} role="img" /></Tip>}
    </td>
  );
  if (opens) {
    return (
      <Popover.Root open onOpenChange={(open) => open || close()}>
        <Popover.Anchor asChild>{td}</Popover.Anchor>
        <Popover.Portal>
          <Popover.Content className="b-popover b-cell-panel" align="start" sideOffset={2} collisionPadding={8} aria-label={column.title} onKeyDown={typedOver} onCloseAutoFocus={(event) => event.preventDefault()}>
            {column.panel?.(row, close)}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    );
  }
  return td;
}

function isTyping({ key, ctrlKey, metaKey, altKey }: React.KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}

interface TypingProps {
  text: string;
  /** Select what stands there, so that typing replaces it. */
  all: boolean;
  end: boolean;
  label: string;
  type(text: string): void;
  done(text: string | null, then: Then): void;
  fill(): void;
}

const TYPE_WAIT = 150; // milliseconds from the first key of a burst
const LEADS: Record<string, Then> = { Enter: 'down', ArrowDown: 'down', ArrowUp: 'up', Tab: 'right' };

function Typing({ text, all, end, label, type, done, fill }: TypingProps) {
  const over = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  const finish = (value: string | null, then: Then) => {
    if (over.current) return;
    over.current = true;
    clearTimeout(timer.current);
    done(value, then);
  };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = () => {
    timer.current = undefined;
    if (input.current && !over.current) typing.current(input.current.value);
  };
  const typing = useRef(type);
  typing.current = type;
  const left = useRef(finish);
  left.current = finish;
  useLayoutEffect(() => {
    const found = input.current;
    if (!all) tell();
    return () => left.current(found?.value ?? null, 'leave'); // another cell was chosen: the input goes before it is blurred
  }, []);
  const pressed = (event: React.KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const then = event.key === 'Tab' && event.shiftKey ? 'left' : event.key === 'Enter' && event.shiftKey ? 'up' : LEADS[event.key];
    if (then) finish(event.currentTarget.value, then);
    else if (event.key === 'Escape') finish(null, 'stay');
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') {
      finish(event.currentTarget.value, 'stay');
      fill();
    } else return;
    event.preventDefault();
  };
  return (
    <input
      ref={input} className="b-cell-input" data-end={end || undefined} aria-label={label} autoFocus defaultValue={text} maxLength={2000} spellCheck={false}
      onFocus={(event) => event.currentTarget.setSelectionRange(all ? 0 : text.length, text.length)} onKeyDown={pressed} onInput={() => (timer.current ??= setTimeout(tell, TYPE_WAIT))} onBlur={(event) => finish(event.currentTarget.value, 'leave')}
    />
  );
}
