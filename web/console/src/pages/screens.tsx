// Screens: heat maps of clicks, taps to finish, functions hardly used, screens that lie deep, by release.

import { Select } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { as_problem } from '@/api/problem';
import type { EffortQuestion, ScreenAnswer, ScreenQuestion } from '@/api/types';
import { useEffort, useScreen } from '@/features/insight/api/screens';
import type { OpenedPeople } from '@/features/insight/people/kept';
import type { Open } from '@/features/insight/people/open_people';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { DepthChart, FunctionCharts } from '@/features/insight/screens/effort_charts';
import { DepthTable, FunctionTable } from '@/features/insight/screens/effort_tables';
import { ElementTable } from '@/features/insight/screens/element_table';
import { version_before } from '@/features/insight/screens/figures';
import { HeatMap } from '@/features/insight/screens/heat_map';
import { LimitSelect, PeriodSelect, within_of } from '@/features/insight/screens/period';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { exact_number } from '@/ui/numbers';
import { Page, Panel } from '@/ui/page';
import { Empty, Failure, Loading } from '@/ui/states';

const depths = [2, 3, 4, 5] as const;
const rare_percents = [1, 2, 5, 10, 20] as const;
const one_of = <T extends number>(limits: readonly T[], text: string, otherwise: T): T =>
  limits.find((one) => String(one) === text) ?? otherwise;

export default function ScreensPage() {
  const t = useT();
  return (
    <Page title={t('screen.title')} lead={t('screen.lead')}>
      <Screens />
    </Page>
  );
}

// The whole choice stands in the address.
function useChoice() {
  const [params, set_params] = useSearchParams();
  const get = (name: string) => params.get(name) ?? '';
  const set = (part: Record<string, string>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part))
        if (value) now.set(name, value);
        else now.delete(name);
      return now;
    });
  const version = get('version');
  return {
    ...{ screen: get('screen'), version, than: version && get('than') },
    ...{ within: within_of(get('within')), set },
    deep_from: one_of(depths, get('depth'), 3),
    rare_percent: one_of(rare_percents, get('rare'), 5),
  };
}
type Choice = ReturnType<typeof useChoice>;

function Screens() {
  const t = useT();
  const choice = useChoice();
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  const { within, version, than, deep_from, rare_percent, set } = choice;
  // Without a choice: the screen with most clicks.
  const found = useScreen({ within });
  const name = choice.screen || (found.data?.screens[0]?.screen ?? '');
  const compared = { ...(version && { version }), ...(than && { than }) };
  const question: ScreenQuestion = { screen: name, within, ...compared };
  const screen = useScreen(question);
  const asked: EffortQuestion = { within, ...compared, deep_from, rare_percent };
  const effort = useEffort(asked);
  if (found.error && as_problem(found.error).code === 'rule.unknown') return <Unrecorded />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const tables = {
    ...{ answer: effort.data, question: asked, error: effort.error, open: set_opened },
    retry: () => void effort.refetch(),
  };
  return (
    <div className="stack">
      <Choices choice={choice} name={name} found={found.data} versions={found.data?.versions ?? []} />
      <Panel title={t('screen.heat')}>
        <p className="soft small heat-hint">{t('screen.heat_hint')}</p>
        <div className="screen-layout">
          <Maps question={question} answer={screen.data} error={screen.error} open={set_opened} />
          <ElementTable
            {...{ answer: screen.data, question, error: screen.error, open: set_opened }}
            retry={() => void screen.refetch()}
          />
        </div>
        {(screen.data?.left_out ?? 0) > 0 && (
          <p className="soft small">{t('screen.left_out', { count: screen.data!.left_out })}</p>
        )}
      </Panel>
      <Panel
        flush
        title={t('screen.functions')}
        extra={
          <LimitSelect
            label={t('screen.rare')}
            text={(percent) => t('screen.rare_below', { percent })}
            value={rare_percent}
            limits={rare_percents}
            change={(rare) => set({ rare: String(rare) })}
          />
        }
      >
        <p className="soft small panel-note">
          {t('screen.functions_hint', { percent: rare_percent })}
        </p>
        <FunctionCharts {...tables} />
        <FunctionTable {...tables} />
      </Panel>
      <Panel
        flush
        title={t('screen.depths')}
        extra={
          <LimitSelect
            label={t('screen.deep')}
            text={(depth) => t('screen.deep_share', { depth })}
            value={deep_from}
            limits={depths}
            change={(depth) => set({ depth: String(depth) })}
          />
        }
      >
        <p className="soft small panel-note">{t('screen.depths_hint', { depth: deep_from })}</p>
        <DepthChart {...tables} />
        <DepthTable {...tables} deep_from={deep_from} />
      </Panel>
      {opened && (
        <PeopleDrawer opened={opened} about={t('screen.title')} close={() => set_opened(null)} />
      )}
    </div>
  );
}

function Maps(props: {
  question: ScreenQuestion;
  answer: ScreenAnswer | undefined;
  error: unknown;
  open: Open;
}) {
  const t = useT();
  const { answer, question } = props;
  if (!answer) return props.error ? null : <Loading height={568} />;
  const open = (release: 'now' | 'before') => (element: string, title: string) =>
    props.open({ of: { screen: question, element, release }, title });
  return (
    <div className="heat-maps">
      {answer.before && (
        <HeatMap
          {...{ answer, open: open('before') }}
          release="before"
          title={question.than ?? ''}
        />
      )}
      <HeatMap
        {...{ answer, open: open('now') }}
        release="now"
        title={question.version || t('screen.all_versions')}
      />
    </div>
  );
}

function Choices(props: {
  choice: Choice;
  name: string;
  found: ScreenAnswer | undefined;
  versions: ScreenAnswer['versions'];
}) {
  const t = useT();
  const own = useOwnText();
  const { language } = useLanguage();
  const { choice, versions } = props;
  const { set, version, than } = choice;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <Select
        style={{ width: 240 }}
        aria-label={t('screen.choose')}
        value={props.name || undefined}
        loading={!props.found}
        options={props.found?.screens.map((one) => ({
          value: one.screen,
          label: t('screen.option', {
            screen: own(one.screen),
            clicks: exact_number(one.clicks, language),
          }),
        }))}
        onChange={(value: string) => set({ screen: value })}
      />
      <PeriodSelect value={choice.within} change={(within) => set({ within })} />
      <Select
        style={{ width: 140 }}
        aria-label={t('screen.version')}
        value={version}
        options={[
          { value: '', label: t('screen.all_versions') },
          ...versions.map((one) => ({ value: one.version, label: one.version })),
        ]}
        onChange={(value: string) => set({ version: value, than: version_before(versions, value) })}
      />
      {version && (
        <Select
          style={{ width: 150 }}
          aria-label={t('screen.than')}
          value={than}
          options={[
            { value: '', label: t('screen.no_than') },
            ...versions
              .filter((one) => one.version !== version)
              .map((one) => ({
                value: one.version,
                label: t('screen.than_option', { version: one.version }),
              })),
          ]}
          onChange={(value: string) => set({ than: value })}
        />
      )}
    </div>
  );
}

function Unrecorded() {
  const t = useT();
  return (
    <Panel>
      <Empty
        title={t('screen.unrecorded')}
        text={t('screen.unrecorded_text')}
        action={<Link to="/dictionary">{t('screen.to_dictionary')}</Link>}
      />
    </Panel>
  );
}
