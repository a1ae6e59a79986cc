// Of which customers a question is asked: all, a saved audience, or conditions of its own.

import { Button, Drawer } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Vocabulary } from '@/api/types';
import { useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { PickList } from '@/ui/pick_list';
import { Loading } from '@/ui/states';
import { with_ask } from '../question/draft';
import type { SlotProps } from './slot_editor';

const AudienceConditions = lazy(() => import('./audience_conditions'));

const everyone = '$everyone';

export function AudiencePicker({ draft, edit, vocabulary, done, open_slot }: SlotProps) {
  const t = useT();
  const { audience } = draft.ask;
  const current = !audience ? everyone : 'audience' in audience ? audience.audience : undefined;
  const set = (rule: Rule | undefined) => {
    edit(with_ask(draft, { audience: rule }));
    done();
  };
  return (
    <div className="chip-form">
      <PickList
        options={[
          { value: everyone, label: t('question.everyone') },
          ...vocabulary.audiences.map((one) => ({ value: one.id, label: one.name })),
        ]}
        value={current}
        label={t('question.audience_title')}
        on_pick={(id) => set(id === everyone ? undefined : { audience: id })}
      />
      <Button size="small" onClick={() => open_slot('audience.own')}>
        {t('question.own_audience')}
      </Button>
    </div>
  );
}

export function AudienceDrawer(props: {
  audience: Rule | undefined;
  vocabulary: Vocabulary;
  keep: (rule: Rule | undefined) => void;
  close: () => void;
}) {
  const t = useT();
  const [rule, set_rule] = useState<Rule | null>(null);
  const keep = () => {
    if (rule) props.keep('all' in rule && rule.all.length === 0 ? undefined : rule);
    props.close();
  };
  return (
    <Drawer
      open
      onClose={props.close}
      title={t('question.audience_title')}
      size={720}
      footer={
        <div className="row end">
          <Button onClick={props.close}>{t('ui.cancel')}</Button>
          <Button type="primary" disabled={!rule} onClick={keep}>
            {t('ui.done')}
          </Button>
        </div>
      }
    >
      <Suspense fallback={<Loading rows={4} />}>
        <AudienceConditions
          first={props.audience ?? { all: [] }}
          vocabulary={props.vocabulary}
          change={set_rule}
        />
      </Suspense>
    </Drawer>
  );
}
