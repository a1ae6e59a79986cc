// The price list: what a message over each channel costs, from which day.

import { App, InputNumber } from 'antd';
import { useState } from 'react';
import type { Channel, Price } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DateInput } from '@/ui/date_input';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField } from '@/ui/fields';
import { Money } from '@/ui/money';
import { Field, Panel } from '@/ui/page';
import { Pill, type Tone } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { date_only, day_now } from '@/ui/times';
import { useChannels } from '../api/channels';
import { useAddPrice, usePrices, useRemovePrice } from '../api/prices';
import { states_of, type PriceState } from './price_states';

const tones: Record<PriceState, Tone> = { holds: 'good', later: 'info', over: 'plain' };

export default function Prices() {
  const t = useT();
  const own = useOwnText();
  const { language } = useLanguage();
  const prices = usePrices();
  const channels = useChannels().data?.items ?? [];
  const [is_adding, set_adding] = useState(false);
  const items = prices.data?.items ?? [];
  const states = states_of(items, day_now());
  const name_of = (id: string) => own(channels.find((one) => one.id === id)?.name ?? id);
  const columns: Column<Price>[] = [
    {
      key: 'channel',
      title: t('price.channel'),
      lead: true,
      cell: (row) => <span className="title-cell">{name_of(row.channel)}</span>,
    },
    {
      key: 'from',
      title: t('price.from'),
      cell: (row) => <span className="num">{date_only(row.valid_from, language)}</span>,
    },
    {
      key: 'state',
      title: t('ui.status'),
      cell: (row) => {
        const state = states.get(row.id) ?? 'over';
        return <Pill tone={tones[state]}>{t(`price.state.${state}`)}</Pill>;
      },
    },
    {
      key: 'amount',
      title: t('price.amount'),
      end: true,
      cell: (row) => <Money value={row.amount} />,
    },
    {
      key: 'more',
      title: '',
      end: true,
      cell: (row) => <Remove price={row} name={name_of(row.channel)} />,
    },
  ];
  const add = (
    <Act may="manage_settings" type="primary" size="small" onClick={() => set_adding(true)}>
      {t('price.add')}
    </Act>
  );
  return (
    <Panel title={t('settings.prices')} flush extra={items.length > 0 && add}>
      <p className="soft" style={{ padding: '12px 16px 8px' }}>
        {t('price.lead')}
      </p>
      <DataTable
        columns={columns}
        rows={prices.data?.items}
        error={prices.error}
        retry={() => void prices.refetch()}
        label={t('settings.prices')}
        row_key={(row) => row.id}
        empty={<Empty title={t('price.empty')} text={t('price.empty_text')} action={add} />}
      />
      {is_adding && channels.length > 0 && (
        <PriceDrawer channels={channels} close={() => set_adding(false)} />
      )}
    </Panel>
  );
}

function Remove({ price, name }: { price: Price; name: string }) {
  const t = useT();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemovePrice();
  const ask = () =>
    modal.confirm({
      title: t('price.remove', { name, day: price.valid_from }),
      content: t('price.remove_text'),
      okText: t('ui.remove'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync(price.id).catch((error) => void message.error(problem_text(error))),
    });
  return (
    <Act
      may="manage_settings"
      size="small"
      type="text"
      aria-label={t('price.remove', { name, day: price.valid_from })}
      onClick={() => void ask()}
    >
      {t('ui.remove')}
    </Act>
  );
}

function PriceDrawer({ channels, close }: { channels: Channel[]; close: () => void }) {
  const t = useT();
  const own = useOwnText();
  const add = useAddPrice();
  const [draft, set_draft] = useState({
    channel: channels[0]!.id,
    amount: null as number | null,
    valid_from: day_now(),
  });
  const { amount } = draft;
  return (
    <DrawerForm
      title={t('price.add')}
      may="manage_settings"
      saving={add}
      blocked={amount === null && t('ui.required')}
      save={() => amount !== null && add.mutate({ ...draft, amount }, { onSuccess: close })}
      close={close}
    >
      <ChoiceField
        id="price-channel"
        label={t('price.channel')}
        value={draft.channel}
        options={channels.map((one) => ({ value: one.id, label: own(one.name) }))}
        change={(channel) => set_draft({ ...draft, channel })}
      />
      <Field id="price-amount" label={t('price.amount')} hint={t('price.amount_hint')}>
        <InputNumber
          id="price-amount"
          min={0}
          max={10_000}
          precision={4}
          step={0.001}
          prefix="¥"
          style={{ width: '100%' }}
          value={amount}
          onChange={(value) => set_draft({ ...draft, amount: value })}
        />
      </Field>
      <Field id="price-from" label={t('price.from')} hint={t('price.from_hint')}>
        <DateInput
          id="price-from"
          value={draft.valid_from}
          change={(valid_from) => set_draft({ ...draft, valid_from })}
        />
      </Field>
    </DrawerForm>
  );
}
