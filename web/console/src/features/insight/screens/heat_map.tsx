// A screen drawn in proportion: each element a disc where it stands, the hotter the more it is clicked.

import type { ScreenAnswer } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { exact_number, percent } from '@/ui/numbers';
import { spots_of, type Release } from './figures';
import './screens.css';

type Props = {
  answer: ScreenAnswer;
  release: Release;
  title: string;
  open: (element: string, name: string) => void;
};

export function HeatMap({ answer, release, title, open }: Props) {
  const t = useT();
  const own = useOwnText();
  const { language } = useLanguage();
  const spots = spots_of(answer.elements, release);
  const total = answer[release];
  return (
    <figure className="heat">
      <figcaption>
        <b>{title}</b>{' '}
        {total && (
          <span className="soft small">
            {t('screen.total', {
              clicks: exact_number(total.clicks, language),
              people: exact_number(total.people, language),
            })}
          </span>
        )}
      </figcaption>
      <div className="heat-screen">
        {spots.length === 0 && <p className="soft heat-none">{t('screen.no_places')}</p>}
        {spots.map((spot) => {
          const name = own(spot.label ?? spot.element);
          const share = percent(spot.share, language);
          return (
            <button
              key={spot.element}
              type="button"
              className="heat-spot"
              style={{ left: `${spot.x * 100}%`, top: `${spot.y * 100}%` }}
              title={t('screen.spot', {
                ...{ element: name, share },
                clicks: exact_number(spot.clicks, language),
              })}
              onClick={() => open(spot.element, name)}
            >
              <span
                aria-hidden
                className="heat-disc"
                style={{
                  width: `${spot.size * 72}px`,
                  background: `color-mix(in srgb, var(--bad) ${Math.round(spot.heat * 100)}%, var(--c2))`,
                }}
              />
              <span className="heat-name">
                {name} <b>{share}</b>
              </span>
            </button>
          );
        })}
      </div>
    </figure>
  );
}
