/** Keeps the window when a part of it cannot be drawn: says so, and that nothing is lost. */
import { Component, type ReactNode } from 'react';

import { t } from '../../core/i18n';

interface Props {
  children: ReactNode;
}

export class Boundary extends Component<Props, { failure: unknown }> {
  override state = { failure: null as unknown };

  static getDerivedStateFromError(failure: unknown): { failure: unknown } {
    return { failure };
  }

  override render(): ReactNode {
    if (!this.state.failure) return this.props.children;
    return (
      <div className="b-failure card" role="alert">
        <h2>{t('builder.broken')}</h2>
        <p>{t('builder.broken.about')}</p>
        <p className="muted small">{String(this.state.failure)}</p>
        <div className="b-row">
          <button className="button primary" onClick={() => this.setState({ failure: null })}>
            {t('builder.again')}
          </button>
        </div>
      </div>
    );
  }
}
