/** How a problem comes about, played on the canvas: tokens on the steps; back, on, by itself; arrow keys, space, Escape. */
import { Panel, ViewportPortal } from '@xyflow/react';
import { ChevronLeft, ChevronRight, Pause, Play, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { t } from '../../core/i18n';
import type { Problem, WorkflowDoc } from '../../core/types';
import { useDraft, useLibrary, useVerbs } from '../context';
import { moveWords, places, standing } from './tokens';
import { useFollow } from './useFollow';
import { moving } from './view';

const PACE = 1100;

export function Counterexample({ problem }: { problem: Problem }) {
  const { play } = useVerbs();
  const draft = useDraft((found: WorkflowDoc) => found);
  const types = useLibrary((found) => found.vocabulary.nodes);
  const trace = problem.trace ?? [];
  const [moves, setMoves] = useState(0);
  const [runs, setRuns] = useState(moving(1) > 0);
  const panel = useRef<HTMLDivElement>(null);
  const isOver = moves >= trace.length;
  const go = (to: number) => setMoves(Math.max(0, Math.min(trace.length, to)));
  const step = (by: number) => {
    setRuns(false);
    go(moves + by);
  };

  useEffect(() => panel.current?.focus(), []);
  useEffect(() => {
    if (!runs || isOver) return;
    const timer = setTimeout(() => setMoves((now) => now + 1), PACE);
    return () => clearTimeout(timer);
  }, [runs, isOver, moves]);
  useFollow(draft, trace[moves - 1]?.node ?? trace[0]?.node ?? '');

  const keys: Record<string, () => void> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => step(-moves),
    End: () => step(trace.length),
    Escape: () => play(null),
  };
  const pressed = (event: React.KeyboardEvent) => {
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const again = () => {
    if (isOver) go(0);
    setRuns(isOver || !runs);
  };
  const moved = trace[moves - 1];
  const words = isOver ? problem.message : moved ? moveWords(draft, moved, types) : t('builder.trace.begins');

  return (
    <>
      <ViewportPortal>
        {places(draft, standing(draft, trace, moves)).map((token, index) => (
          <span
            key={index}
            className="b-token"
            data-token={token.node}
            data-bad={isOver && problem.nodes.includes(token.node)}
            style={{ transform: `translate(${token.x}px, ${token.y}px) translate(-50%, -50%)` }}
            aria-hidden
          />
        ))}
      </ViewportPortal>
      <Panel position="bottom-center" className="b-trace">
        <div ref={panel} role="group" tabIndex={-1} aria-label={t('builder.trace')} onKeyDown={pressed}>
          <button className="button quiet small icon-only" aria-label={t('builder.trace.back')} disabled={moves === 0} onClick={() => step(-1)}>
            <ChevronLeft size={16} aria-hidden />
          </button>
          <button className="button quiet small icon-only" aria-label={t(runs && !isOver ? 'builder.trace.pause' : 'builder.trace.run')} onClick={again}>
            {runs && !isOver ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
          </button>
          <button className="button quiet small icon-only" aria-label={t('builder.trace.on')} disabled={isOver} onClick={() => step(1)}>
            <ChevronRight size={16} aria-hidden />
          </button>
          <span className="b-trace-count">{t('builder.trace.count', { now: moves, all: trace.length })}</span>
          <span className={isOver ? 'b-trace-bad' : ''} aria-live="polite">
            {words}
          </span>
          <button className="button quiet small icon-only" aria-label={t('builder.close')} onClick={() => play(null)}>
            <X size={16} aria-hidden />
          </button>
        </div>
      </Panel>
    </>
  );
}
