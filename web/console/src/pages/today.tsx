import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { get } from '@/api/client';
import type { Campaign, Overview } from '@/api/types';
import { useLabel, useLanguage, useT } from '@/i18n';
import { useSession } from '@/session/session';
import { PasswordDialog } from '@/shell/password';
import { Act } from '@/ui/act';
import { exact_number, short_number } from '@/ui/numbers';
import { Page, Panel } from '@/ui/page';
import { hour_now } from '@/ui/times';
import { Change, Num, Pill, Sparkline } from '@/ui/show';
import { Empty, Loaded } from '@/ui/states';
import './today.css';

const watch_ms = 15_000;

function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => get<Overview>('/overview', { signal }),
    refetchInterval: watch_ms,
  });
}

function useGreeting(): string {
  const t = useT();
  const label = useLabel();
  const { person } = useSession();
  const hour = hour_now();
  const part = hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  return t(`today.hello.${part}`, { name: label('person', person.name) });
}

export default function TodayPage() {
  const t = useT();
  const greeting = useGreeting();
  const overview = useOverview();
  const [later, set_later] = useState(false);
  const { password_needed } = useSession();
  return (
    <Page title={greeting} tab_title={t('today.title')}>
      {password_needed && !later && <PasswordDialog first close={() => set_later(true)} />}
      <Loaded of={overview} rows={8}>
        {(data) => (
          <div className="stack">
            <Numbers numbers={data.numbers} />
            <div className="columns half">
              <NeedsMe needs={data.needs_me} />
              <Running campaigns={data.running} />
            </div>
            <Health health={data.health} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Numbers({ numbers }: Pick<Overview, 'numbers'>) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <div className="today-numbers">
      {numbers.map((one) => (
        <div key={one.key} className="panel">
          <div className="body">
            <div className="soft small">{t(`today.number.${one.key}`)}</div>
            <div className="row between">
              <span className="big-number">
                <Num value={one.value} />
              </span>
              <Sparkline values={one.series.slice(1)} width={96} height={30} />
            </div>
            <div className="small row">
              <Change value={one.value} previous={one.previous} />
              <span className="soft" title={exact_number(one.previous, language)}>
                {t('today.against', { previous: short_number(one.previous, language) })}
              </span>
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}

function NeedsMe({ needs }: { needs: Overview['needs_me'] }) {
  const t = useT();
  return (
    <Panel title={t('today.needs_me')} flush={needs.length > 0}>
      {needs.length === 0 ? (
        <Empty mark="✓" title={t('today.needs_none')} text={t('today.needs_none_text')} />
      ) : (
        <ul className="today-list">
          {needs.map((need) => (
            <li key={need.link + need.kind}>
              <Link to={need.link} className="grow">
                {need.kind === 'work' ? t('today.needs_work') : need.title}
              </Link>
              <Pill tone="warn" bare>
                <Num value={need.count} />
              </Pill>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Running({ campaigns }: { campaigns: Campaign[] }) {
  const t = useT();
  const navigate = useNavigate();
  if (campaigns.length === 0) {
    return (
      <Panel title={t('today.running')}>
        <Empty
          title={t('today.running_none')}
          text={t('today.running_none_text')}
          action={
            <Act may="edit_campaigns" onClick={() => void navigate('/campaigns/new')}>
              {t('today.new_campaign')}
            </Act>
          }
        />
      </Panel>
    );
  }
  return (
    <Panel title={t('today.running')} flush>
      <ul className="today-list">
        {campaigns.map((one) => (
          <RunningRow key={one.id} campaign={one} />
        ))}
      </ul>
    </Panel>
  );
}

function RunningRow({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const { sent, planned } = campaign.progress;
  const share = planned > 0 ? Math.min(sent / planned, 1) * 100 : 0;
  return (
    <li>
      <span className="grow">
        <span className="row between">
          <Link to={`/campaigns/${campaign.id}`}>{campaign.name}</Link>
          <span className="soft small num">
            {label('campaign.state', campaign.state)} ·{' '}
            {t('today.sent_of', {
              sent: short_number(sent, language),
              planned: short_number(planned, language),
            })}
          </span>
        </span>
        <span className="progress" style={{ display: 'block', marginTop: 6 }} aria-hidden>
          <i style={{ width: `${share}%` }} />
        </span>
      </span>
    </li>
  );
}

// The server names parts and how they are; a part is well when it says "ok" or gives a figure.
function Health({ health }: Pick<Overview, 'health'>) {
  const t = useT();
  const label = useLabel();
  const parts = Object.entries(health).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'boolean',
  );
  const bad = parts.filter(([, value]) => value !== 'ok' && value !== true);
  if (parts.length === 0) return null;
  return (
    <p className="row wrap">
      <Pill tone={bad.length ? 'warn' : 'good'}>
        {bad.length ? t('today.health_bad', { count: bad.length }) : t('today.health_good')}
      </Pill>
      {bad.map(([name]) => (
        <span key={name} className="soft small">
          {label('health', name)}
        </span>
      ))}
    </p>
  );
}
