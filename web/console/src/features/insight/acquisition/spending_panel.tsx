// What was spent on origins of customers: entered, changed, removed.

import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import type { Spending } from '@/api/types';
import { useLabel, useLanguage, useOwnText, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DateInput } from '@/ui/date_input';
import { DrawerForm } from '@/ui/drawer_form';
import { TextField } from '@/ui/fields';
import { Money } from '@/ui/money';
import { Field, Panel } from '@/ui/page';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { date_only, day_now } from '@/ui/times';
import { useRemoveSpending, useSaveSpending, useSpending } from '../api/acquisition';

type Props = { by: string; origin_name: (value: string) => string };

export function SpendingPanel({ by, origin_name }: Props) {
  const t = useT();
  const own = useOwnText();
  const label = useLabel();
  const { language } = useLanguage();
  const spending = useSpending();
  const [opened, set_opened] = useState<Spending | 'new' | null>(null);
  const columns: Column<Spending>[] = [
    {
      key: 'origin',
      title: t('acquisition.origin'),
      lead: true,
      cell: (row) => (
        <button type="button" className="link-button title-cell" onClick={() => set_opened(row)}>
          {origin_name(row.origin)}
        </button>
      ),
    },
    {
      key: 'days',
      title: t('acquisition.days'),
      cell: (row) => (
        <span className="num">
          {date_only(row.from, language)} – {date_only(row.to, language)}
        </span>
      ),
    },
    { key: 'note', title: t('acquisition.note'), cell: (row) => own(row.note) || '–' },
    { key: 'author', title: t('annotation.author'), cell: (row) => label('person', row.author) },
    {
      key: 'amount',
      title: t('acquisition.amount'),
      end: true,
      cell: (row) => <Money value={row.amount} />,
    },
  ];
  const add = (
    <Act may="edit_boards" size="small" onClick={() => set_opened('new')}>
      {t('acquisition.add_spending')}
    </Act>
  );
  const items = spending.data?.items.filter((one) => one.by === by);
  return (
    <Panel title={t('acquisition.spending_title')} flush extra={(items?.length ?? 0) > 0 && add}>
      <DataTable
        columns={columns}
        rows={items}
        error={spending.error}
        retry={() => void spending.refetch()}
        label={t('acquisition.spending_title')}
        row_key={(row) => row.id}
        on_open={set_opened}
        empty={
          <Empty
            title={t('acquisition.no_spending')}
            text={t('acquisition.no_spending_text')}
            action={add}
          />
        }
      />
      {opened && (
        <SpendingDrawer
          by={by}
          entry={opened === 'new' ? null : opened}
          close={() => set_opened(null)}
        />
      )}
    </Panel>
  );
}

function SpendingDrawer(props: { by: string; entry: Spending | null; close: () => void }) {
  const t = useT();
  const { by, entry, close } = props;
  const save = useSaveSpending();
  const remove = useRemoveSpending();
  const [draft, set_draft] = useState({
    origin: entry?.origin ?? '',
    from: entry?.from ?? day_now(),
    to: entry?.to ?? day_now(),
    amount: entry?.amount ?? (null as number | null),
    note: entry?.note ?? '',
  });
  const set = (part: Partial<typeof draft>) => set_draft({ ...draft, ...part });
  const { amount } = draft;
  const is_whole = draft.origin.trim() && draft.from && draft.to && amount !== null;
  const keep = () =>
    amount !== null &&
    save.mutate(
      { draft: { ...draft, amount, by }, id: entry?.id, version: entry?.version },
      { onSuccess: close },
    );
  return (
    <DrawerForm
      title={t(entry ? 'acquisition.edit_spending' : 'acquisition.add_spending')}
      may="edit_boards"
      saving={save}
      blocked={!is_whole && t('ui.required')}
      save={keep}
      close={close}
    >
      <TextField
        id="spending-origin"
        label={t('acquisition.origin')}
        hint={t('acquisition.origin_hint')}
        first
        value={draft.origin}
        change={(origin) => set({ origin })}
      />
      <div className="fields two">
        {(['from', 'to'] as const).map((end) => (
          <Field key={end} id={`spending-${end}`} label={t(`acquisition.${end}`)}>
            <DateInput
              id={`spending-${end}`}
              value={draft[end]}
              change={(day) => set({ [end]: day })}
            />
          </Field>
        ))}
      </div>
      <Field
        id="spending-amount"
        label={t('acquisition.amount')}
        hint={t('acquisition.amount_hint')}
      >
        <InputNumber
          id="spending-amount"
          min={0}
          precision={2}
          prefix="¥"
          style={{ width: '100%' }}
          value={amount}
          onChange={(value) => set({ amount: value })}
        />
      </Field>
      <TextField
        id="spending-note"
        label={t('acquisition.note')}
        long
        value={draft.note}
        change={(note) => set({ note })}
      />
      {entry && (
        <Button
          danger
          type="text"
          style={{ justifySelf: 'start' }}
          loading={remove.isPending}
          onClick={() => remove.mutate(entry.id, { onSuccess: close })}
        >
          {t('acquisition.remove_spending')}
        </Button>
      )}
    </DrawerForm>
  );
}
