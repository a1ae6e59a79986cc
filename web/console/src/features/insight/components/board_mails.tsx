// When a board goes out by e-mail, and to whom.

import { App, Button, Drawer, Select, Switch } from 'antd';
import { useState } from 'react';
import type { Board, BoardMail } from '@/api/types';
import { useLanguage, useT, type MessageKey } from '@/i18n';
import { TimeInput } from '@/ui/date_input';
import { MoreMenu } from '@/ui/more_menu';
import { Field, Panel } from '@/ui/page';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { date_time } from '@/ui/times';
import { useBoardMails, useMailActions, type MailDraft } from '../api/board_mails';

const every = ['day', 'week', 'month'] as const;
const blank: MailDraft = { recipients: [], every: 'week', at: '08:00', active: true };

export function BoardMails({ board, close }: { board: Board; close: () => void }) {
  const t = useT();
  const mails = useBoardMails(board.id);
  const [editing, edit] = useState<{ id?: string; draft: MailDraft } | null>(null);
  return (
    <Drawer
      open
      onClose={close}
      size={520}
      title={t('board.mails')}
      extra={
        <Button type="primary" disabled={editing !== null} onClick={() => edit({ draft: blank })}>
          {t('board.mail_new')}
        </Button>
      }
    >
      <div className="stack">
        <p className="soft">{t('board.mails_lead')}</p>
        {editing && (
          <MailForm
            key={editing.id ?? 'new'}
            board={board.id}
            id={editing.id}
            first={editing.draft}
            close={() => edit(null)}
          />
        )}
        <Loaded of={mails}>
          {({ items }) =>
            items.length === 0 && !editing ? (
              <Empty title={t('board.no_mails')} />
            ) : (
              items
                .filter((one) => one.id !== editing?.id)
                .map((one) => (
                  <Mail
                    key={one.id}
                    mail={one}
                    edit={() =>
                      edit({
                        id: one.id,
                        draft: {
                          recipients: one.recipients,
                          every: one.every,
                          at: one.at,
                          active: one.active,
                        },
                      })
                    }
                  />
                ))
            )
          }
        </Loaded>
      </div>
    </Drawer>
  );
}

function Mail({ mail, edit }: { mail: BoardMail; edit: () => void }) {
  const t = useT();
  const { language } = useLanguage();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const { send, drop } = useMailActions(mail.board);
  const said = {
    onSuccess: () => void message.success(t('board.mail_sent')),
    onError: (error: unknown) => void message.error(problem_text(error)),
  };
  const outcome =
    mail.last_outcome === 'sent' || mail.last_outcome === ''
      ? null
      : t(`problem.${mail.last_outcome}` as MessageKey);
  return (
    <Panel
      title={t('board.mail_when', { every: t(`board.mail_every.${mail.every}`), at: mail.at })}
      extra={
        <MoreMenu
          small
          items={[
            { label: t('ui.edit'), act: edit },
            { label: t('board.mail_now'), act: () => send.mutate(mail.id, said) },
            { label: t('ui.remove'), danger: true, act: () => drop.mutate(mail.id) },
          ]}
        />
      }
    >
      <div className="stack tight">
        <span>{mail.recipients.join(' · ')}</span>
        <span className="soft small">
          {t('board.mail_scope', { scope: mail.scope })} ·{' '}
          {mail.next_at
            ? t('board.mail_next', { at: date_time(mail.next_at, language) })
            : t('ui.off')}
          {mail.last_at && ` · ${t('board.mail_last', { at: date_time(mail.last_at, language) })}`}
        </span>
        {send.isPending && <span role="status">{t('board.mail_sending')}</span>}
        {outcome && <span className="bad small">{outcome}</span>}
      </div>
    </Panel>
  );
}

type FormProps = { board: string; id?: string; first: MailDraft; close: () => void };

function MailForm({ board, id, first, close }: FormProps) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const { save } = useMailActions(board);
  const [draft, set_draft] = useState(first);
  const change = (part: MailDraft) => set_draft({ ...draft, ...part });
  const keep = () =>
    save.mutate(
      { id, draft },
      {
        onSuccess: () => {
          void message.success(t('ui.saved'));
          close();
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Panel>
      <div className="fields">
        <Field id="mail-to" label={t('board.mail_to')} hint={t('board.mail_to_hint')}>
          <Select
            id="mail-to"
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[',', ';', ' ']}
            value={draft.recipients}
            onChange={(recipients: string[]) => change({ recipients })}
          />
        </Field>
        <div className="fields two">
          <Field id="mail-every" label={t('board.mail_every')}>
            <Select
              id="mail-every"
              value={draft.every}
              options={every.map((value) => ({ value, label: t(`board.mail_every.${value}`) }))}
              onChange={(value: MailDraft['every']) => change({ every: value })}
            />
          </Field>
          <Field id="mail-at" label={t('board.mail_at')}>
            <TimeInput
              id="mail-at"
              needed
              value={draft.at ?? ''}
              change={(at) => change({ at })}
            />
          </Field>
        </div>
        <span className="row">
          <Switch
            checked={draft.active ?? true}
            aria-label={t('board.mail_active')}
            onChange={(active) => change({ active })}
          />
          {t('board.mail_active')}
        </span>
        <div className="row end">
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Button
            type="primary"
            disabled={!draft.recipients?.length}
            loading={save.isPending}
            onClick={keep}
          >
            {t('ui.save')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
