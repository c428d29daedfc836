/** The slim bar: back, what this is, how far it is saved, undo and redo, problems, preview, versions, publish. */
import { ArrowLeft, CircleAlert, CircleCheck, Download, Ellipsis, Eye, History, Keyboard, Languages, Link2, Redo2, Undo2 } from 'lucide-react';
import { useRef } from 'react';

import { isBlank } from '../core/elements';
import { t } from '../core/i18n';
import { useEditor, useOpen, useSurroundings, useVerbs } from './context';
import type { Opening } from './Frame';
import { Others } from './Others';
import { Tip } from './parts/Tip';
import { SaveBadge } from './SaveBadge';
import { TitleBox } from './TitleBox';

const MORE = [
  ['keys', 'builder.keys', Keyboard],
  ['texts', 'builder.texts', Languages],
  ['uses', 'builder.uses.open', Link2],
] as const;

interface Props {
  open(opening: Opening): void;
  problemsShown: boolean;
  showProblems(shown: boolean): void;
}

export function TopBar({ open, problemsShown, showProblems }: Props) {
  const { where } = useSurroundings();
  const editor = useEditor();
  const { undo, redo } = useVerbs();
  const canUndo = useOpen((found) => found.canUndo);
  const canRedo = useOpen((found) => found.canRedo);
  return (
    <header className="b-bar">
      <Tip words={t('builder.back')}>
        <a className="button quiet icon-only" href={`${where.base}/builder/`} aria-label={t('builder.back')}>
          <ArrowLeft size={18} aria-hidden />
        </a>
      </Tip>
      <TitleBox />
      <Standing />
      <SaveBadge />
      <div className="b-fill" />
      <Others />
      <Tool words={t('builder.undo')} keys="Ctrl Z" onClick={undo} disabled={!canUndo}>
        <Undo2 size={17} aria-hidden />
      </Tool>
      <Tool words={t('builder.redo')} keys="Ctrl Shift Z" onClick={redo} disabled={!canRedo}>
        <Redo2 size={17} aria-hidden />
      </Tool>
      <More open={open} />
      <ProblemsButton shown={problemsShown} show={showProblems} />
      {editor.preview && (
        <button className="button" aria-label={t('builder.preview')} onClick={() => open('preview')}>
          <Eye size={16} aria-hidden />
          <span className="b-wide-only">{t('builder.preview')}</span>
        </button>
      )}
      <button className="button" aria-label={t('builder.versions')} onClick={() => open('versions')}>
        <History size={16} aria-hidden />
        <span className="b-wide-only">{t('builder.versions')}</span>
      </button>
      {where.mayPublish && (
        <button className="button primary" onClick={() => open('publish')}>
          {t('builder.publish')}
        </button>
      )}
    </header>
  );
}

/** What is wanted now and then. Where the bar is narrow it folds away behind a button. */
function More({ open }: Pick<Props, 'open'>) {
  const { where } = useSurroundings();
  const { exported } = useEditor();
  const menu = useRef<HTMLDivElement>(null);
  return (
    <>
      <button className="button quiet icon-only b-more-button" popoverTarget="b-more" aria-label={t('builder.more')}>
        <Ellipsis size={17} aria-hidden />
      </button>
      <div ref={menu} id="b-more" className="b-more" popover="auto" onClick={() => menu.current?.hidePopover?.()}>
        {MORE.map(([opening, words, Sign]) => (
          <Tool key={opening} words={t(words)} onClick={() => open(opening)} named>
            <Sign size={17} aria-hidden />
          </Tool>
        ))}
        {exported && (
          <Tip words={t(exported.words)}>
            <a className="button quiet icon-only" href={exported.address(where)} download aria-label={t(exported.words)}>
              <Download size={17} aria-hidden />
              <span className="b-more-words">{t(exported.words)}</span>
            </a>
          </Tip>
        )}
      </div>
    </>
  );
}

/** In force as version so-and-so, and whether the draft says something else. */
function Standing() {
  const active = useOpen((open) => open.active);
  const changed = useOpen((open) => open.changed);
  if (active === null) return <span className="tag">{t('builder.standing.draft')}</span>;
  return (
    <>
      <span className="tag good">{t('builder.standing.active', { number: active })}</span>
      {changed && <span className="tag warn b-wide-only">{t('builder.standing.changed')}</span>}
    </>
  );
}

function ProblemsButton({ shown, show }: { shown: boolean; show(shown: boolean): void }) {
  const errors = useOpen((open) => open.problems.filter((problem) => problem.severity === 'error').length);
  const all = useOpen((open) => open.problems.length);
  const judged = useOpen((open) => open.judged);
  const blank = useOpen((open) => isBlank(open.draft));
  if (blank && !judged) return null;
  const tone = errors ? 'b-bad' : all ? 'b-warn' : judged ? 'b-good' : '';
  const Sign = all || !judged ? CircleAlert : CircleCheck;
  return (
    <button className={`button ${tone}`} aria-expanded={shown} onClick={() => show(!shown)}>
      <Sign size={16} aria-hidden />
      {all ? t('builder.problems.count', { count: all }) : t(judged ? 'builder.problems.none_short' : 'builder.problems.unknown')}
    </button>
  );
}

interface ToolProps {
  words: string;
  keys?: string;
  /** Its name stands beside it where there is room. */
  named?: boolean;
  onClick(): void;
  disabled?: boolean;
  children: React.ReactNode;
}

function Tool({ words, keys, named, onClick, disabled, children }: ToolProps) {
  return (
    <Tip
      words={
        <>
          {words}
          {keys && <kbd>{keys}</kbd>}
        </>
      }
    >
      <button className="button quiet icon-only" aria-label={words} aria-disabled={disabled} onClick={() => disabled || onClick()}>
        {children}
        {named && <span className="b-more-words">{words}</span>}
      </button>
    </Tip>
  );
}
