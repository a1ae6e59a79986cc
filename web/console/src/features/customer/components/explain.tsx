// Why a customer is, or is not, in an audience: the rule with a verdict on every part.

import { Drawer, Select } from 'antd';
import { useState } from 'react';
import type { ExplainedRule } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import type { Names } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import type { Rule } from '@/rule/types';
import { Empty, Loaded } from '@/ui/states';
import { useExplanation } from '../api/explain';
import './customer.css';

type Props = {
  id: string;
  audience: string | null;
  audiences: { id: string; name: string }[];
  names: Names;
  close: () => void;
};

export function ExplainDrawer({ id, audience, audiences, names, close }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const [chosen, set_chosen] = useState(audience);
  const explanation = useExplanation(id, chosen, language);
  return (
    <Drawer open onClose={close} title={t('customer.explain')} size={520}>
      <div className="stack">
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('customer.explain_which')}
          placeholder={t('customer.explain_which')}
          value={chosen ?? undefined}
          options={audiences.map((one) => ({ value: one.id, label: one.name }))}
          onChange={set_chosen}
        />
        {chosen ? (
          <Loaded of={explanation}>
            {({ member, rule }) => (
              <>
                <div className={`notice ${member ? 'good' : 'warn'}`} role="status">
                  {t(member ? 'customer.is_member' : 'customer.is_no_member')}
                </div>
                <div className="explain">
                  <Explained rule={rule} names={names} />
                </div>
              </>
            )}
          </Loaded>
        ) : (
          <Empty title={t('customer.explain_which')} />
        )}
      </div>
    </Drawer>
  );
}

function Explained({ rule, names }: { rule: ExplainedRule; names: Names }) {
  const t = useT();
  const { language } = useLanguage();
  const inner = parts_of(rule);
  const text = inner ? t(inner.title) : sentence_of(rule as Rule, names, language);
  return (
    <div>
      <div className="row top">
        <span
          className={`verdict ${rule.holds ? 'yes' : 'no'}`}
          role="img"
          aria-label={t(rule.holds ? 'customer.holds' : 'customer.fails')}
        >
          {rule.holds ? '✓' : '✕'}
        </span>
        <span>
          {text}
          {rule.because && <span className="soft small"> — {rule.because}</span>}
        </span>
      </div>
      {inner && (
        <ul>
          {inner.parts.map((part, i) => (
            <li key={i}>
              <Explained rule={part} names={names} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function parts_of(rule: ExplainedRule) {
  if ('all' in rule)
    return { title: 'builder.all_of' as const, parts: rule.all as ExplainedRule[] };
  if ('any' in rule)
    return { title: 'builder.any_of' as const, parts: rule.any as ExplainedRule[] };
  if ('not' in rule) return { title: 'builder.not' as const, parts: [rule.not as ExplainedRule] };
  return null;
}
