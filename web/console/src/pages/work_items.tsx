import { PlusOutlined } from '@ant-design/icons';
import { Checkbox, Segmented } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { WorkItem } from '@/api/types';
import { useWorkItems } from '@/features/work/api/items';
import { WorkDrawer } from '@/features/work/components/work_drawer';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { Pill, When } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useFiguresText } from '@/ui/figures_text';

const states = ['open', 'done'] as const;

export default function WorkItemsPage() {
  const t = useT();
  const [params, set_params] = useSearchParams();
  const state = params.get('state') === 'done' ? 'done' : 'open';
  const mine = params.get('mine') === '1';
  const items = useWorkItems({ state, mine });
  const [opened, set_opened] = useState<WorkItem | 'new' | null>(null);
  const columns = useColumns(set_opened);
  const show = (next: { state?: string; mine?: boolean }) => {
    const shown = { state, mine, ...next };
    set_params(
      {
        ...(shown.state === 'done' ? { state: 'done' } : {}),
        ...(shown.mine ? { mine: '1' } : {}),
      },
      { replace: true },
    );
  };
  return (
    <Page
      title={t('work.title')}
      lead={t('work.lead')}
      actions={
        <Act
          may="edit_boards"
          type="primary"
          icon={<PlusOutlined />}
          onClick={() => set_opened('new')}
        >
          {t('work.new')}
        </Act>
      }
    >
      <div className="bar">
        <Segmented
          value={state}
          options={states.map((one) => ({ value: one, label: t(`work.state.${one}`) }))}
          onChange={(next) => show({ state: next })}
        />
        <Checkbox checked={mine} onChange={(event) => show({ mine: event.target.checked })}>
          {t('work.mine')}
        </Checkbox>
      </div>
      <Panel flush>
        <DataTable
          columns={columns}
          rows={items.data?.pages.flatMap((page) => page.items)}
          error={items.error}
          retry={() => void items.refetch()}
          label={t('work.title')}
          row_key={(row) => row.id}
          on_open={set_opened}
          more={items.hasNextPage ? () => void items.fetchNextPage() : null}
          loading_more={items.isFetchingNextPage}
          empty={
            <Empty
              mark="✓"
              title={t(state === 'open' ? 'work.none' : 'work.none_done')}
              text={t('work.none_text')}
            />
          }
        />
      </Panel>
      {opened && (
        <WorkDrawer
          item={opened === 'new' ? null : opened}
          close={() => set_opened(null)}
        />
      )}
    </Page>
  );
}

function useColumns(open: (item: WorkItem) => void): Column<WorkItem>[] {
  const t = useT();
  const label = useLabel();
  const figures_text = useFiguresText();
  return [
    {
      key: 'title',
      title: t('work.what'),
      lead: true,
      cell: (row) => (
        <>
          <button type="button" className="link-button title-cell" onClick={() => open(row)}>
            {row.title}
          </button>
          <div className="soft small">{figures_text(row.figures) || row.why}</div>
        </>
      ),
    },
    {
      key: 'kind',
      title: t('work.kind'),
      cell: (row) => (
        <Pill tone={row.kind === 'alert' ? 'warn' : 'plain'}>{t(`work.kind.${row.kind}`)}</Pill>
      ),
    },
    {
      key: 'assignee',
      title: t('work.assignee'),
      cell: (row) =>
        row.assignee_name ? (
          label('person', row.assignee_name)
        ) : (
          <span className="faint">{t('work.nobody')}</span>
        ),
    },
    {
      key: 'note',
      title: t('work.note'),
      cell: (row) => row.note || <span className="faint">–</span>,
    },
    {
      key: 'opened',
      title: t('work.opened'),
      end: true,
      cell: (row) => <When at={row.created_at} />,
    },
  ];
}
