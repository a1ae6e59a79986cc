// Where a customer stands in the life cycles, and which tiers and stars it has.

import { Link } from 'react-router';
import type { Customer } from '@/api/types';
import { useOwnText, useT } from '@/i18n';
import { Panel } from '@/ui/page';
import { Pill } from '@/ui/show';

export function CustomerStages({ customer }: { customer: Customer }) {
  const t = useT();
  const own = useOwnText();
  return (
    <Panel title={t('stage.of_customer')}>
      {customer.stages.length === 0 && <p className="soft">{t('stage.customer_none')}</p>}
      <ul className="stack tight">
        {customer.stages.map((one) => (
          <li key={one.model} className="row between">
            <Link to={`/stages/${one.model}`}>{own(one.model_name)}</Link>
            <Pill tone="accent">{own(one.stage_name)}</Pill>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
