// Catches a page that crashed, or a part that a new release has replaced on the server.

import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useT } from '@/i18n';

export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const t = useT();
  return (
    <div className="state" role="alert">
      <div className="mark bad" aria-hidden>
        !
      </div>
      <h3>{t('ui.crashed')}</h3>
      <p>{t('ui.crashed_text')}</p>
      <div className="row">
        <Button type="primary" onClick={() => window.location.reload()}>
          {t('ui.reload')}
        </Button>
      </div>
    </div>
  );
}
