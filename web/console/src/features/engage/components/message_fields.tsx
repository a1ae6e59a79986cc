// The message of a campaign, by channel, with names to insert.

import { Dropdown, Input, Button } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useRef } from 'react';
import type { CampaignDraft, LintProblem, Message } from '@/api/types';
import { useT } from '@/i18n';
import { Field } from '@/ui/page';
import { useLintText } from './lint_text';
import './engage.css';

type Props = {
  draft: CampaignDraft;
  change: (message: Message) => void;
  variables: { name: string; label: string }[];
  problems: LintProblem[];
};

const sms_part = 70;

export function MessageFields({ draft, change, variables, problems }: Props) {
  const t = useT();
  const body = useRef<TextAreaRef>(null);
  const problem_text = useLintText();
  const { message, channel } = draft;
  const problem = (field: string) =>
    problems
      .filter((one) => one.pointer.startsWith(`/message/${field}`))
      .map(problem_text)
      .join(' ');
  const insert = (name: string) => {
    const area = body.current?.resizableTextArea?.textArea;
    const [from, to] = [
      area?.selectionStart ?? message.body.length,
      area?.selectionEnd ?? message.body.length,
    ];
    const words = `{{ ${name} | default: "" }}`;
    change({ ...message, body: message.body.slice(0, from) + words + message.body.slice(to) });
    area?.focus();
  };
  const heading = channel === 'email' ? 'subject' : 'title';
  return (
    <div className="fields">
      {channel !== 'sms' && (
        <Field
          id="message-heading"
          label={t(heading === 'subject' ? 'campaign.subject' : 'campaign.title_field')}
          error={problem(heading)}
        >
          <Input
            id="message-heading"
            maxLength={120}
            value={message[heading] ?? ''}
            onChange={(event) => change({ ...message, [heading]: event.target.value })}
          />
        </Field>
      )}
      <Field
        id="message-body"
        label={
          <span className="row between">
            {t('campaign.body')}
            <Dropdown
              trigger={['click']}
              menu={{
                items: variables.map((one) => ({ key: one.name, label: one.label })),
                onClick: ({ key }) => insert(key),
                style: { maxHeight: 320, overflow: 'auto' },
              }}
            >
              <Button size="small" type="link">
                {t('campaign.insert')}
              </Button>
            </Dropdown>
          </span>
        }
        hint={channel === 'sms' ? t('campaign.sms_hint') : undefined}
        error={problem('body')}
      >
        <Input.TextArea
          id="message-body"
          ref={body}
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={4000}
          value={message.body}
          onChange={(event) => change({ ...message, body: event.target.value })}
        />
        {channel === 'sms' && (
          <span className="counter">
            {t('campaign.sms_parts', {
              length: message.body.length,
              parts: Math.max(1, Math.ceil(message.body.length / sms_part)),
            })}
          </span>
        )}
      </Field>
      {channel !== 'sms' && (
        <Field id="message-link" label={t('campaign.link')} error={problem('link')}>
          <Input
            id="message-link"
            value={message.link ?? ''}
            placeholder="https://"
            onChange={(event) => change({ ...message, link: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}
