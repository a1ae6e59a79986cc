// How a tag of a customer came to its value: newest first, with who and why.

import { Drawer } from 'antd';
import { useLabel, useT } from '@/i18n';
import { When } from '@/ui/show';
import { Empty, Loaded } from '@/ui/states';
import { useTagHistory } from '../api/tag_history';
import { TagValue } from './tag_value';
import './customer.css';

type Props = { customer: string; tag: string; tag_label: string; close: () => void };

export function TagHistory({ customer, tag, tag_label, close }: Props) {
  const t = useT();
  const label = useLabel();
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
                      <TagValue value={change.value} />
                    )}
                  </b>
                  <span className="soft small">
                    {change.by ?? label('tag_source', change.source)} · <When at={change.at} exact />
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
