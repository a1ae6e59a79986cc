import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Channel } from '@/api/types';
import { useLabel, useOwnText, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { MoreMenu } from '@/ui/more_menu';
import { Field, Panel } from '@/ui/page';
import { Num, Pill, type Tone } from '@/ui/show';
import { Empty, Failure, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { test_channel, useChannels, useRemoveChannel } from '../api/channels';
import { ChannelDrawer } from './channel_drawer';

const health_tones: Record<string, Tone> = { closed: 'good', half_open: 'warn', open: 'bad' };

export default function Channels() {
  const t = useT();
  const own = useOwnText();
  const label = useLabel();
  const channels = useChannels();
  const [edited, set_edited] = useState<Channel | 'new' | null>(null);
  const [tested, set_tested] = useState<Channel | null>(null);
  const columns: Column<Channel>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <>
          <span className="title-cell">{own(row.name)}</span>
          {row.health?.last_error && row.health.state !== 'closed' && (
            <div className="bad small">{row.health.last_error}</div>
          )}
        </>
      ),
    },
    { key: 'kind', title: t('channels.kind'), cell: (row) => label('channel', row.kind) },
    {
      key: 'health',
      title: t('channels.health'),
      cell: (row) =>
        row.active ? (
          <Pill tone={health_tones[row.health?.state ?? 'closed']}>
            {t(`channels.state.${row.health?.state ?? 'closed'}`)}
          </Pill>
        ) : (
          <Pill>{t('ui.off')}</Pill>
        ),
    },
    {
      key: 'sent',
      title: t('channels.sent_1h'),
      end: true,
      cell: (row) => <Num value={row.health?.sent_1h} />,
    },
    {
      key: 'failed',
      title: t('channels.failed_1h'),
      end: true,
      cell: (row) => <Num value={row.health?.failed_1h} />,
    },
    {
      key: 'rate',
      title: t('channels.rate'),
      end: true,
      cell: (row) => row.rate_per_s ? t('channels.per_second', { count: row.rate_per_s }) : t('channels.no_limit'),
    },
    {
      key: 'more',
      title: '',
      end: true,
      cell: (row) => (
        <RowActions channel={row} edit={() => set_edited(row)} test={() => set_tested(row)} />
      ),
    },
  ];
  const add = (
    <Act may="manage_settings" type="primary" size="small" onClick={() => set_edited('new')}>
      {t('channels.add')}
    </Act>
  );
  return (
    <Panel title={t('settings.channels')} flush extra={add}>
      <DataTable
        columns={columns}
        rows={channels.data?.items}
        error={channels.error}
        retry={() => void channels.refetch()}
        label={t('settings.channels')}
        row_key={(row) => row.id}
        empty={<Empty title={t('channels.empty')} text={t('channels.empty_text')} action={add} />}
      />
      {edited && (
        <ChannelDrawer channel={edited === 'new' ? null : edited} close={() => set_edited(null)} />
      )}
      {tested && <TestDialog channel={tested} close={() => set_tested(null)} />}
    </Panel>
  );
}

function RowActions(props: { channel: Channel; edit: () => void; test: () => void }) {
  const t = useT();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveChannel();
  const ask = () =>
    modal.confirm({
      title: t('channels.remove', { name: props.channel.name }),
      content: t('channels.remove_text'),
      okText: t('ui.remove'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync(props.channel.id)
          .catch((error) => void message.error(problem_text(error))),
    });
  return (
    <span className="row end">
      <Act may="manage_settings" size="small" onClick={props.test}>
        {t('channels.test')}
      </Act>
      <MoreMenu
        small
        items={[
          { label: t('ui.edit'), may: 'manage_settings', act: props.edit },
          { label: t('ui.remove'), may: 'manage_settings', danger: true, act: () => void ask() },
        ]}
      />
    </span>
  );
}

function TestDialog(props: { channel: Channel; close: () => void }) {
  const t = useT();
  const [to, set_to] = useState('');
  const [busy, set_busy] = useState(false);
  const [outcome, set_outcome] = useState<{ error: unknown } | 'sent' | null>(null);
  const run = async () => {
    set_busy(true);
    set_outcome(null);
    try {
      await test_channel(props.channel.id, to);
      set_outcome('sent');
    } catch (error) {
      set_outcome({ error });
    }
    set_busy(false);
  };
  return (
    <Modal
      open
      title={t('channels.test_title', { name: props.channel.name })}
      onCancel={props.close}
      onOk={() => void run()}
      okText={t('channels.test')}
      cancelText={t('ui.close')}
      okButtonProps={{ loading: busy, disabled: !to.trim() }}
      width={420}
    >
      <div className="fields">
        {outcome === 'sent' && (
          <div className="notice good" role="status">
            {t('channels.test_sent')}
          </div>
        )}
        {outcome !== null && outcome !== 'sent' && <Failure error={outcome.error} inline />}
        <Field id="test-to" label={t('channels.test_to')} hint={t('channels.test_hint')}>
          <Input
            id="test-to"
            autoFocus
            value={to}
            onChange={(event) => set_to(event.target.value)}
          />
        </Field>
      </div>
    </Modal>
  );
}
