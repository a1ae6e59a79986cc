import { App } from 'antd';
import { useNavigate, useParams } from 'react-router';
import { download } from '@/api/client';
import type { Audience, Language } from '@/api/types';
import { useActOnAudience, type AudienceAct } from '@/features/audience/api/act';
import { useAudience } from '@/features/audience/api/get';
import { useAudienceHistory } from '@/features/audience/api/history';
import { useAudiencePreview } from '@/features/audience/api/preview';
import { useAudienceVersions } from '@/features/audience/api/versions';
import { UsedBy } from '@/features/audience/components/audience_table';
import { PreviewPanel } from '@/features/audience/components/preview_panel';
import { useLabel, useLanguage, useT, type Translate } from '@/i18n';
import { sentence_of } from '@/rule/sentence';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { TimeChart } from '@/ui/chart';
import { MoreMenu } from '@/ui/more_menu';
import { exact_number } from '@/ui/numbers';
import { Facts, Page, Panel } from '@/ui/page';
import { Num, Pill, When } from '@/ui/show';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { date_time } from '@/ui/times';
import { Link } from 'react-router';

export default function AudiencePage() {
  const { id = '' } = useParams();
  const audience = useAudience(id);
  return <Loaded of={audience}>{(one) => <Shown key={one.fixed?.status} audience={one} />}</Loaded>;
}

function Shown({ audience }: { audience: Audience }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const names = useNames();
  const preview = useAudiencePreview(audience.rule);
  return (
    <Page
      title={audience.name}
      crumb={<Link to="/audiences">{t('audience.title')}</Link>}
      lead={audience.description}
      state={audience.state === 'archived' && <Pill>{t('audience.archived')}</Pill>}
      actions={<Actions audience={audience} />}
    >
      <div className="columns two">
        <div className="stack">
          <Panel title={t('audience.rule')}>
            <p style={{ fontSize: 15, lineHeight: '26px' }}>
              {sentence_of(audience.rule, names, language)}
            </p>
          </Panel>
          <History id={audience.id} />
          <Versions audience={audience} />
        </div>
        <div className="stack">
          <PreviewPanel
            rule={audience.rule}
            preview={preview.data}
            error={preview.error}
            busy={preview.isFetching}
            retry={() => void preview.refetch()}
          />
          <Panel>
            <Facts
              rows={[
                [t('audience.refresh'), label('audience.refresh', audience.refresh)],
                [t('ui.updated'), <When key="w" at={audience.computed_at} />],
                [t('audience.count'), <Num key="n" value={audience.count} />],
                [t('audience.used_by'), <UsedBy key="u" uses={audience.used_by ?? []} />],
                ...(audience.fixed ? [fixed_row(audience.fixed, t, language)] : []),
              ]}
            />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function fixed_row(
  fixed: NonNullable<Audience['fixed']>,
  t: Translate,
  language: Language,
): [string, string] {
  const said = t(`audience.fixed_${fixed.status}`, {
    when: date_time(fixed.at, language),
    people: exact_number(fixed.people, language),
    done: exact_number(fixed.done, language),
  });
  return [t('audience.fixed'), said];
}

function Actions({ audience }: { audience: Audience }) {
  const t = useT();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const problem_text = useProblemText();
  const act = useActOnAudience();
  const run = (what: AudienceAct, then: (result: Audience) => void) =>
    act.mutate(
      { id: audience.id, act: what },
      { onSuccess: then, onError: (error) => void message.error(problem_text(error)) },
    );
  const archive = () =>
    modal.confirm({
      title: t('audience.archive'),
      content: t('audience.archive_confirm', { used: audience.used_by?.length ?? 0 }),
      okText: t('audience.archive'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () => run('archive', () => void navigate('/audiences')),
    });
  const save_members = () => {
    download(`/audiences/${audience.id}/members`, `${audience.name}.csv`).catch(
      (error) => void message.error(problem_text(error)),
    );
  };
  const copy = () => run('clone', (made) => void navigate(`/audiences/${made.id}/edit`));
  const refresh = () => run('refresh', () => void message.success(t('audience.refreshed')));
  return (
    <>
      <MoreMenu
        items={[
          { label: t('audience.refresh_now'), may: 'edit_audiences', act: refresh },
          { label: t('audience.export'), may: 'view_customers', act: save_members },
          { label: t('ui.clone'), may: 'edit_audiences', act: copy },
          { label: t('audience.archive'), may: 'edit_audiences', act: archive, danger: true },
        ]}
      />
      <Act
        may="edit_campaigns"
        onClick={() => void navigate(`/campaigns/new?audience=${audience.id}`)}
      >
        {t('audience.make_campaign')}
      </Act>
      <Act
        may="edit_audiences"
        type="primary"
        onClick={() => void navigate(`/audiences/${audience.id}/edit`)}
      >
        {t('audience.edit')}
      </Act>
    </>
  );
}

function History({ id }: { id: string }) {
  const t = useT();
  const history = useAudienceHistory(id);
  return (
    <Panel title={t('audience.history')}>
      <Loaded of={history} height={180}>
        {({ points }) =>
          points.length < 2 ? (
            <Empty title={t('campaign.not_enough')} text={t('audience.history_later')} />
          ) : (
            <TimeChart
              height={200}
              label={t('audience.history')}
              series={[
                {
                  name: t('audience.count'),
                  points: points.map((p) => ({ at: p.at, value: p.count })),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Versions({ audience }: { audience: Audience }) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const versions = useAudienceVersions(audience.id);
  return (
    <Panel title={t('audience.versions')}>
      <Loaded of={versions}>
        {({ items }) => (
          <ul className="stack">
            {items.map((one) => (
              <li key={one.version}>
                <div className="row wrap">
                  <b>{t('audience.version', { version: one.version })}</b>
                  <span className="soft small">
                    {one.by_name ?? one.by} · <When at={one.at} />
                  </span>
                </div>
                <p className="soft">{sentence_of(one.rule, names, language)}</p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
