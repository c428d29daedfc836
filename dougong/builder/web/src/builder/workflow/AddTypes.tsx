/** The menu of a plus, loaded when one is first opened: types of steps, and, behind a card, its outcomes. */
import { ChevronRight, Split } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState, type SyntheticEvent } from 'react';

import { pick, t } from '../../core/i18n';
import type { NodeType, WorkflowDoc } from '../../core/types';
import { useDocument, useLibrary } from '../context';
import { Icon } from '../parts/Icon';
import type { AddProps, Spot } from './AddMenu';
import { addWhole, insertWhole } from './branches';
import { addForOutcome, freeOutcomes, newNode, nodeOf } from './edits';

export function AddTypes({ after, into, className, label, children }: AddProps) {
  const [open, setOpen] = useState(true);
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger className={className} aria-label={label} tabIndex={-1}>
        {children}
      </DropdownMenu.Trigger>
      {open && (
        <DropdownMenu.Portal>
          <Types after={after} into={into} />
        </DropdownMenu.Portal>
      )}
    </DropdownMenu.Root>
  );
}

/** To React a menu stands within the card it belongs to: what is done in it must not select that card again. */
const APART = {
  onClick: (event: SyntheticEvent) => event.stopPropagation(),
  onKeyDown: (event: SyntheticEvent) => event.stopPropagation(),
};

function Types({ after, into }: { after: string | undefined; into: Spot | undefined }) {
  const types = useLibrary((found) => found.vocabulary.nodes);
  const { verbs, getState } = useDocument<WorkflowDoc>();
  const add = (type: NodeType, on?: string) => {
    const before = getState().draft.nodes;
    let uid = '';
    verbs.change((doc) => {
      if (into) {
        const inserted = insertWhole(doc, into.edge, type, into.at, types);
        uid = inserted.uid;
        return inserted.doc;
      }
      const node = newNode(doc, type);
      uid = node.uid;
      return on ? addForOutcome(doc, after ?? '', node, on) : addWhole(doc, after ?? '', node, types);
    });
    verbs.lookAt({ group: 'nodes', uid }, getState().draft.nodes.filter((one) => !before.some((known) => known.uid === one.uid)).map((one) => one.uid));
  };
  const { draft } = getState();
  const type = types.find((one) => one.name === nodeOf(draft, after ?? '')?.type);
  const outcomes = after ? freeOutcomes(draft, after, type) : [];
  const entered = types.filter((one) => one.ways_in[1] !== 0);
  return (
    <DropdownMenu.Content {...APART} className="b-menu" side="right" align="start" sideOffset={6} collisionPadding={8}>
      {outcomes.map((on) => (
        <DropdownMenu.Sub key={on}>
          <DropdownMenu.SubTrigger className="b-menu-outcome">
            <Split size={15} aria-hidden />
            <span>{t('builder.outcome.draw', { outcome: pick(type?.outcomes?.[on]) })}</span>
            <ChevronRight size={14} aria-hidden />
          </DropdownMenu.SubTrigger>
          <DropdownMenu.Portal>
            <DropdownMenu.SubContent {...APART} className="b-menu" collisionPadding={8}>
              <Offered types={entered} add={(one) => add(one, on)} />
            </DropdownMenu.SubContent>
          </DropdownMenu.Portal>
        </DropdownMenu.Sub>
      ))}
      {outcomes.length > 0 && <DropdownMenu.Separator className="b-menu-line" />}
      <Offered types={into ? entered.filter((one) => one.ways_out[1] !== 0) : entered} add={add} />
    </DropdownMenu.Content>
  );
}

function Offered({ types, add }: { types: readonly NodeType[]; add(type: NodeType): void }) {
  return types.map((type) => (
    <DropdownMenu.Item key={type.name} className="b-menu-type" data-family={type.family} onSelect={() => add(type)}>
      <span className="b-step-icon">
        <Icon name={type.icon} size={15} />
      </span>
      {pick(type.title)}
    </DropdownMenu.Item>
  ));
}
