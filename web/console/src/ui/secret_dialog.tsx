// Something that is shown once and never again: a key, a token, a one-time link.

import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { CopyButton } from './states';

type Props = { title: string; text?: ReactNode; secret: string; close: () => void };

export function SecretDialog({ title, text, secret, close }: Props) {
  const t = useT();
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      footer={<Button onClick={close}>{t('tokens.kept')}</Button>}
    >
      <div className="stack">
        <div className="notice warn">{text ?? t('tokens.once')}</div>
        <pre className="json" tabIndex={0} role="region" aria-label={title}>
          {secret}
        </pre>
        <div>
          <CopyButton text={secret} />
        </div>
      </div>
    </Modal>
  );
}
