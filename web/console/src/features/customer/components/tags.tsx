// The customer's tags with where each came from; staff may set one by hand, with a reason.

import { CloseOutlined } from '@ant-design/icons';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Customer, VocabularyTag } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Field, Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { ReasonDialog } from '@/ui/reason_dialog';
import { Empty, Failure } from '@/ui/states';
import { PickList } from '@/ui/pick_list';
import { useValueText } from '@/ui/value_text';
import { useRemoveTag, useSetTag } from '../api/change';
import { TagHistory } from './tag_history';
import './customer.css';

type Props = { customer: Customer; tags: VocabularyTag[]; tag_label: (name: string) => string };

export function CustomerTags({ customer, tags, tag_label }: Props) {
  const t = useT();
  const label = useLabel();
  const value_text = useValueText();
  const [editing, set_editing] = useState(false);
  const [removing, set_removing] = useState<string | null>(null);
  const [looked, set_looked] = useState<string | null>(null);
  const remove = useRemoveTag(customer.customer);
  return (
    <Panel
      title={t('customer.tags')}
      extra={
        <Act may="edit_customers" size="small" onClick={() => set_editing(true)}>
          {t('customer.set_tag')}
        </Act>
      }
    >
      {customer.tags.length === 0 && <Empty title={t('customer.no_tags')} />}
      {customer.tags.map((tag) => (
        <div key={tag.name} className="tag-row">
          <span className="soft">{tag_label(tag.name)}</span>
          <button
            type="button"
            className="link-button plain"
            title={t('customer.tag_history_open', { tag: tag_label(tag.name) })}
            onClick={() => set_looked(tag.name)}
          >
            {tag.name === 'org' ? customer.org_name : value_text(tag.value)}
          </button>
          <span className="faint small row">
            {tag.by ?? label('source', tag.source)} <When at={tag.at} />
            {tag.source === 'staff' && (
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={`${t('ui.remove')} ${tag_label(tag.name)}`}
                onClick={() => set_removing(tag.name)}
              />
            )}
          </span>
          {tag.why && <span className="soft small why">{tag.why}</span>}
        </div>
      ))}
      {removing && (
        <ReasonDialog
          title={t('customer.remove_tag', { tag: tag_label(removing) })}
          ok={t('ui.remove')}
          busy={remove.isPending}
          error={remove.error}
          act={(why) =>
            remove.mutate({ name: removing, why }, { onSuccess: () => set_removing(null) })
          }
          close={() => set_removing(null)}
        />
      )}
      {looked && (
        <TagHistory
          customer={customer.customer}
          tag={looked}
          tag_label={tag_label(looked)}
          close={() => set_looked(null)}
        />
      )}
      {editing && (
        <SetTag
          customer={customer.customer}
          tags={tags}
          tag_label={tag_label}
          close={() => set_editing(false)}
        />
      )}
    </Panel>
  );
}

function typed(text: string, type: string | undefined): unknown {
  if (type === 'number') return Number(text);
  if (type === 'boolean') return ['true', '1', '是', 'yes'].includes(text.toLowerCase());
  if (type === 'string_set') return text.split(/[,，、]/).map((part) => part.trim());
  return text;
}

function SetTag(props: {
  customer: string;
  tags: VocabularyTag[];
  tag_label: (name: string) => string;
  close: () => void;
}) {
  const t = useT();
  const set = useSetTag(props.customer);
  const [name, set_name] = useState<string | null>(null);
  const [value, set_value] = useState('');
  const [why, set_why] = useState('');
  const tag = props.tags.find((one) => one.name === name);
  const save = () =>
    set.mutate({ name: name!, value: typed(value, tag?.type), why }, { onSuccess: props.close });
  return (
    <Modal
      open
      title={t('customer.set_tag')}
      onCancel={props.close}
      onOk={save}
      okText={t('ui.save')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !name || !value || !why.trim(), loading: set.isPending }}
      width={420}
    >
      <div className="fields">
        {set.error && <Failure error={set.error} inline />}
        {name === null ? (
          <PickList
            label={t('customer.tags')}
            options={props.tags.map((one) => ({
              value: one.name,
              label: props.tag_label(one.name),
            }))}
            on_pick={set_name}
          />
        ) : (
          <>
            <Field id="tag-value" label={props.tag_label(name)}>
              <Input
                id="tag-value"
                autoFocus
                value={value}
                list="tag-values"
                onChange={(event) => set_value(event.target.value)}
              />
              <datalist id="tag-values">
                {tag?.values.map((one) => (
                  <option key={String(one)} value={String(one)} />
                ))}
              </datalist>
            </Field>
            <Field id="tag-why" label={t('ui.why')} hint={t('ui.why_hint')}>
              <Input id="tag-why" value={why} onChange={(event) => set_why(event.target.value)} />
            </Field>
          </>
        )}
      </div>
    </Modal>
  );
}
