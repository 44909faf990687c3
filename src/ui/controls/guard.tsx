import { Component, type ReactNode } from 'react';
import card from './card.module.css';
import css from './guard.module.css';

/** Shows `text` in place of a part of the page that cannot be drawn, and the way to try again. */
export class Guard extends Component<{ text: string; children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className={`${card.card} ${css.broken}`} role="alert">
        <p>{this.props.text}</p>
        <button type="button" className={css.retry} onClick={() => this.setState({ error: null })}>
          Draw again
        </button>
        <details>
          <summary>Details</summary>
          <pre>{error.message}</pre>
        </details>
      </div>
    );
  }
}
