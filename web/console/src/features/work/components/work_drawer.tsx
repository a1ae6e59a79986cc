// One work item: what and why, who looks after it, and what was done.

import { App } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useColleagues } from '@/api/colleagues';
import type { WorkItem } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Facts } from '@/ui/page';
import { When } from '@/ui/show';
import { useFiguresText } from '@/ui/figures_text';
import { useSaveWorkItem, type WorkDraft } from '../api/items';

export function WorkDrawer({ item, close }: { item: WorkItem | null; close: () => void }) {
  const t = useT();
  const label = useLabel();
  const { message } = App.useApp();
  const colleagues = useColleagues();
  const save = useSaveWorkItem();
  const [draft, set_draft] = useState<WorkDraft>(
    item
      ? { assignee: item.assignee, note: item.note, state: item.state }
      : { title: '', why: '', assignee: '' },
  );
  const set = (part: WorkDraft) => set_draft({ ...draft, ...part });
  const keep = () =>
    save.mutate(
      { draft, id: item?.id, version: item?.version },
      {
        onSuccess: () => {
          void message.success(t('work.saved'));
          close();
        },
      },
    );
  return (
    <DrawerForm
      title={item ? item.title : t('work.new')}
      may="view"
      saving={save}
      blocked={!item && !draft.title?.trim() && t('ui.required')}
      save={keep}
      close={close}
    >
      {item ? (
        <About item={item} />
      ) : (
        <>
          <TextField
            id="work-title"
            label={t('work.what')}
            first
            value={draft.title ?? ''}
            change={(title) => set({ title })}
          />
          <TextField
            id="work-why"
            label={t('work.why')}
            long
            value={draft.why ?? ''}
            change={(why) => set({ why })}
          />
        </>
      )}
      <ChoiceField
        id="work-assignee"
        label={t('work.assignee')}
        search
        value={draft.assignee ?? ''}
        options={[
          { value: '', label: t('work.nobody') },
          ...(colleagues.data?.items ?? []).map((one) => ({
            value: one.id,
            label: label('person', one.name),
          })),
        ]}
        change={(assignee) => set({ assignee })}
      />
      {item && (
        <>
          <ChoiceField
            id="work-state"
            label={t('ui.status')}
            value={draft.state ?? 'open'}
            options={(['open', 'done'] as const).map((value) => ({
              value,
              label: t(`work.state.${value}`),
            }))}
            change={(state) => set({ state })}
          />
          <TextField
            id="work-note"
            label={t('work.note')}
            hint={t('work.note_hint')}
            long
            value={draft.note ?? ''}
            change={(note) => set({ note })}
          />
        </>
      )}
    </DrawerForm>
  );
}

function About({ item }: { item: WorkItem }) {
  const t = useT();
  const label = useLabel();
  const figures = useFiguresText()(item.figures);
  return (
    <Facts
      rows={[
        [t('work.why'), figures || item.why || '–'],
        [t('work.opened_by'), label('person', item.author)],
        [t('work.opened'), <When key="at" at={item.created_at} />],
        [
          t('work.look'),
          item.link ? (
            <Link key="link" to={item.link}>
              {t(`work.open_link.${item.kind}`)}
            </Link>
          ) : (
            '–'
          ),
        ],
      ]}
    />
  );
}
