/** A small plus on a card or way: what to add there, by family. */
import { DropdownMenu } from 'radix-ui';
import { useState, type ReactNode } from 'react';

import { pick } from '../../core/i18n';
import type { NodeType, Point, WorkflowDoc } from '../../core/types';
import { useDocument, useLibrary, useOpen } from '../context';
import { Icon } from '../parts/Icon';
import { addAfter, insertOnEdge, newNode } from './edits';

/** A place on a way. */
interface Spot {
  edge: string;
  at: Point;
}

interface Props {
  /** Behind this step ... */
  after?: string;
  /** ... or into this way, at this place. */
  into?: Spot;
  className: string;
  label: string;
  children: ReactNode;
}

export function AddMenu({ after, into, className, label, children }: Props) {
  const [open, setOpen] = useState(false);
  const readOnly = useOpen((found) => found.readOnly);
  if (readOnly) return null;
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

function Types({ after, into }: { after: string | undefined; into: Spot | undefined }) {
  const types = useLibrary((found) => found.vocabulary.nodes);
  const { verbs } = useDocument<WorkflowDoc>();
  const add = (type: NodeType) => {
    let uid = '';
    verbs.change((doc) => {
      const node = newNode(doc, type);
      uid = node.uid;
      return into ? insertOnEdge(doc, into.edge, node, into.at) : addAfter(doc, after ?? '', node, types);
    });
    verbs.lookAt({ group: 'nodes', uid });
  };
  const offered = types.filter((type) => type.ways_in[1] !== 0 && (!into || type.ways_out[1] !== 0));
  return (
    <DropdownMenu.Content className="b-menu" side="right" align="start" sideOffset={6} collisionPadding={8}>
      {offered.map((type) => (
        <DropdownMenu.Item key={type.name} className="b-menu-type" data-family={type.family} onSelect={() => add(type)}>
          <span className="b-step-icon">
            <Icon name={type.icon} size={15} />
          </span>
          {pick(type.title)}
        </DropdownMenu.Item>
      ))}
    </DropdownMenu.Content>
  );
}
