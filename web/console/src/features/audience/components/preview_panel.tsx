// The live numbers beside the builder: how many, what share, reachable how, and five of them.

import { Link } from 'react-router';
import type { AudiencePreview } from '@/api/types';
import { useLabel, useLanguage, useT } from '@/i18n';
import { reaches_back } from '@/rule/reach';
import type { Rule } from '@/rule/types';
import { useNames } from '@/rule/vocabulary';
import { exact_number, short_number } from '@/ui/numbers';
import { KeptFrom } from '@/ui/kept_from';
import { Panel } from '@/ui/page';
import { Num, Share } from '@/ui/show';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { useValueText } from '@/ui/value_text';
import './preview.css';

type Props = {
  rule: Rule; // what the preview is of
  preview?: AudiencePreview;
  error: unknown;
  busy: boolean;
  retry: () => void;
};

export function PreviewPanel({ rule, preview, error, busy, retry }: Props) {
  const t = useT();
  return (
    <Panel
      title={t('audience.live')}
      extra={
        <span className="soft small num" aria-live="off">
          {preview && t('audience.live_ms', { ms: Math.max(1, Math.round(preview.elapsed_ms)) })}
        </span>
      }
      className="preview"
    >
      {error ? (
        <Failure error={error} inline />
      ) : preview ? (
        <div className="stack" aria-busy={busy}>
          <Headline preview={preview} />
          <Reach preview={preview} />
          <Sample preview={preview} />
          {reaches_back(rule) && <KeptFrom from={preview.kept_from} changes="conditions" />}
        </div>
      ) : (
        <Waiting />
      )}
      {Boolean(error) && (
        <button type="button" className="link-button" onClick={retry}>
          {t('ui.retry')}
        </button>
      )}
    </Panel>
  );
}

function Headline({ preview }: { preview: AudiencePreview }) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <div>
      <div className="big-number" data-testid="preview-count" role="status">
        {exact_number(preview.count, language)}
        <span className="unit">{t('audience.unit')}</span>
      </div>
      <div className="share-track" aria-hidden>
        <i style={{ width: `${preview.share * 100}%` }} />
      </div>
      <p className="soft small">
        <Share share={preview.share} /> ·{' '}
        {t('audience.everyone', { count: exact_number(preview.total, language) })}
      </p>
    </div>
  );
}

function Reach({ preview }: { preview: AudiencePreview }) {
  const t = useT();
  const label = useLabel();
  return (
    <div>
      <h3 className="part-title">{t('audience.reachable')}</h3>
      <ul className="reach">
        {Object.entries(preview.reachable).map(([channel, count]) => (
          <li key={channel}>
            <span>{label('channel', channel)}</span>
            <Num value={count} />
            <span className="soft small">
              {preview.count > 0 && <Share part={count} of={preview.count} digits={0} />}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Sample({ preview }: { preview: AudiencePreview }) {
  const t = useT();
  const names = useNames();
  const { language } = useLanguage();
  const value_text = useValueText();
  const tag_value = (value: unknown) =>
    typeof value === 'number' ? short_number(value, language) : value_text(value);
  if (preview.count === 0) {
    return <Empty title={t('audience.sample_none')} text={t('audience.sample_none_text')} />;
  }
  return (
    <div>
      <h3 className="part-title">{t('audience.sample')}</h3>
      <ul className="sample">
        {preview.sample.map((person) => (
          <li key={person.customer}>
            <Link to={`/customers/${person.customer}`}>{person.name ?? t('audience.visitor')}</Link>
            <span className="soft small clip">
              {Object.entries(person.tags ?? {})
                .slice(0, 2)
                .map(([tag, value]) => `${names.tag(tag)} ${tag_value(value)}`)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Waiting() {
  return (
    <div className="stack">
      <Skeleton width={140} height={36} />
      <Skeleton height={6} />
      <Skeleton height={96} />
      <Skeleton height={120} />
    </div>
  );
}
