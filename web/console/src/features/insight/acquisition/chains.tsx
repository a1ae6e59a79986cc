// The picture: for everyone and for each origin, how many came to each step, as bars of a funnel.

import type { AcquisitionAnswer, AcquisitionCounts } from '@/api/types';
import { useT } from '@/i18n';
import { useMay } from '@/session/session';
import { Money } from '@/ui/money';
import { Num, Share } from '@/ui/show';
import type { AcquisitionPeople } from '../api/acquisition';
import { chain_of, type ChainStep } from './figures';
import './acquisition.css';

export type OpenPeople = (which: AcquisitionPeople, title: string) => void;

type Props = {
  answer: AcquisitionAnswer;
  origin_name: (value: Group[number]) => string;
  open: OpenPeople;
};
type Group = AcquisitionAnswer['origins'][number]['group'];

const most_chains = 7;

export function Chains({ answer, origin_name, open }: Props) {
  const t = useT();
  const shown = answer.origins.filter((row) => (row.people[0] ?? 0) > 0).slice(0, most_chains);
  return (
    <ul className="chains">
      <Chain title={t('acquisition.all')} counts={answer.total} open={open} is_total />
      {shown.length > 1 &&
        shown.map((row) => (
          <Chain
            key={String(row.group[0])}
            title={origin_name(row.group[0] ?? null)}
            counts={row}
            group={row.group}
            open={open}
          />
        ))}
    </ul>
  );
}

function Chain(props: {
  title: string;
  counts: AcquisitionCounts;
  group?: Group;
  open: OpenPeople;
  is_total?: boolean;
}) {
  const t = useT();
  const { title, counts, group, open } = props;
  return (
    <li className={props.is_total ? 'chain total' : 'chain'}>
      <h3>{title}</h3>
      <ol>
        {chain_of(counts).map((step) => (
          <Step
            key={step.name}
            step={step}
            open={(outcome) =>
              open(
                { step: step.step, outcome, ...(group && { group }) },
                `${title} · ${t(`acquisition.step.${step.name}`)}${
                  outcome === 'dropped' ? ` · ${t('acquisition.stopped')}` : ''
                }`,
              )
            }
          />
        ))}
      </ol>
    </li>
  );
}

function Step(props: { step: ChainStep; open: (outcome: 'reached' | 'dropped') => void }) {
  const t = useT();
  const { step, open } = props;
  return (
    <li>
      <span>{t(`acquisition.step.${step.name}`)}</span>
      <span className="track" aria-hidden>
        <span className="fill" style={{ width: `${step.share * 100}%` }} />
      </span>
      <Opens count={step.count} open={() => open('reached')} />
      <span className="soft small num">
        {step.of_before !== null && <Share share={step.of_before} digits={0} />}
      </span>
      <span className="num small chain-cost">
        <Money value={step.cost} />
      </span>
      {step.stopped > 0 && (
        <span className="soft small chain-stopped">
          {t('acquisition.stopped')} <Opens count={step.stopped} open={() => open('dropped')} />
        </span>
      )}
    </li>
  );
}

function Opens({ count, open }: { count: number; open: () => void }) {
  const may = useMay()('view_customers');
  if (!may || count === 0) return <Num value={count} />;
  return (
    <button type="button" className="link-button num" onClick={open}>
      <Num value={count} />
    </button>
  );
}
