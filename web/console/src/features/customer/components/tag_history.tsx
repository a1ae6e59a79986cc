// How a tag of a customer came to its value: newest first, with who and why.

import { Drawer } from 'antd';
import { useLabel, useT } from '@/i18n';
import { When } from '@/ui/show';
import { Empty, Loaded } from '@/ui/states';
import { useValueText } from '@/ui/value_text';
import { useTagHistory } from '../api/tag_history';
import './customer.css';

type Props = { customer: string; tag: string; tag_label: string; close: () => void };

export function TagHistory({ customer, tag, tag_label, close }: Props) {
  const t = useT();
  const label = useLabel();
  const value_text = useValueText();
  const history = useTagHistory(customer, tag);
  return (
    <Drawer
      open
      onClose={close}
      title={t('customer.tag_history', { tag: tag_label })}
      size={440}
    >
      <Loaded of={history}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('customer.no_history')} />
          ) : (
            <ol className="tag-history">
              {items.map((change, i) => (
                <li key={change.at + i}>
                  <b>
                    {change.value === null ? (
                      <span className="soft">{t('customer.tag_removed')}</span>
                    ) : (
                      value_text(change.value)
                    )}
                  </b>
                  <span className="soft small">
                    {change.by ?? label('source', change.source)} · <When at={change.at} exact />
                  </span>
                  {change.why && <span className="small">{change.why}</span>}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Drawer>
  );
}
