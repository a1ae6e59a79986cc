// The pictures of effort: how many taps each function takes, which functions hardly anybody uses, which
// screens lie deep. Each number opens to its people.

import type { EffortAnswer, EffortQuestion, FunctionEffort } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { Share } from '@/ui/show';
import { product_name } from '../league/measures';
import { OpenPeople, type Open } from '../people/open_people';
import { by_depth, by_taps, by_use, deep_share, spread_text } from './figures';
import { Lollipops, type Stick } from './lollipops';
import './screens.css';

type Props = { answer: EffortAnswer | undefined; question: EffortQuestion; open: Open };

export function FunctionCharts({ answer, question, open }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const functions = answer?.functions ?? [];
  const finished = by_taps(functions);
  if (functions.length === 0) return null;
  const people = (row: FunctionEffort, what: 'used' | 'finished') => ({
    of: { effort: question, product: row.product.id, what },
    title: `${product_name(row.product, language)} · ${t(
      what === 'used' ? 'screen.users' : 'screen.finished_by',
    )}`,
  });
  const taps = (row: FunctionEffort): Stick => ({
    ...{ key: row.product.id, name: product_name(row.product, language) },
    value: row.now.taps.median!,
    band: [row.now.taps.low!, row.now.taps.high!],
    before: row.before?.taps.median,
    tail: (
      <button
        type="button"
        className="link-button num"
        aria-label={`${spread_text(row.now.taps)}: ${people(row, 'finished').title}`}
        onClick={() => open(people(row, 'finished'))}
      >
        {spread_text(row.now.taps)}
      </button>
    ),
  });
  const use = (row: FunctionEffort): Stick => ({
    ...{ key: row.product.id, name: product_name(row.product, language) },
    ...{ value: row.now.people, warn: row.now.rare },
    tail: (
      <>
        <OpenPeople value={row.now.people} opened={people(row, 'used')} open={open} />{' '}
        {row.now.share !== null && (
          <span className="soft small">
            <Share share={row.now.share} />
          </span>
        )}
      </>
    ),
  });
  return (
    <div className="columns half effort-charts">
      {finished.length > 0 && (
        <section>
          <h3>{t('screen.taps_chart')}</h3>
          <p className="soft small">{t('screen.taps_chart_text')}</p>
          <Lollipops label={t('screen.taps_chart')} sticks={finished.map(taps)} />
        </section>
      )}
      <section>
        <h3>{t('screen.use_chart')}</h3>
        <p className="soft small">{t('screen.use_chart_text')}</p>
        <Lollipops label={t('screen.use_chart')} sticks={by_use(functions).map(use)} />
      </section>
    </div>
  );
}

const most_screens = 15;

export function DepthChart({ answer, question, open }: Props) {
  const t = useT();
  const own = useOwnText();
  const screens = by_depth(answer?.screens ?? []).slice(0, most_screens);
  if (screens.length === 0) return null;
  return (
    <div className="effort-charts">
      <Lollipops
        label={t('screen.depths')}
        sticks={screens.map((row) => ({
          ...{ key: row.screen, name: own(row.screen), value: deep_share(row) },
          warn: row.now.deep,
          before: row.before ? deep_share({ now: row.before }) : null,
          tail: (
            <>
              <Share share={deep_share(row)} />{' '}
              <OpenPeople
                value={row.now.deep_visits}
                opened={{
                  of: { effort: question, page: row.screen, what: 'met_deep' },
                  title: own(row.screen),
                }}
                open={open}
              />
            </>
          ),
        }))}
      />
    </div>
  );
}
