// A board's name, and with whom it is shared.

import { Input, Select } from 'antd';
import type { Board } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Field } from '@/ui/page';
import type { BoardDraft } from '../api/boards';

type Roles = Board['shared_with'];
const roles: Roles = ['administrator', 'operator', 'approver', 'branch', 'analyst', 'viewer'];

type Props = { draft: BoardDraft; owns: boolean; change: (draft: BoardDraft) => void };

export function BoardSettings({ draft, owns, change }: Props) {
  const t = useT();
  const label = useLabel();
  const options = roles.map((value) => ({ value, label: label('role', value) }));
  return (
    <div className="fields two" style={{ marginBottom: 16 }}>
      <Field id="board-name" label={t('ui.name')}>
        <Input
          id="board-name"
          value={draft.name}
          maxLength={80}
          onChange={(event) => change({ ...draft, name: event.target.value })}
        />
      </Field>
      {owns && (
        <>
          <Field id="board-shared" label={t('board.shared_with')} hint={t('board.shared_hint')}>
            <Select
              id="board-shared"
              mode="multiple"
              placeholder={t('board.only_me')}
              value={draft.shared_with}
              options={options}
              onChange={(shared_with: Roles) => change({ ...draft, shared_with })}
            />
          </Field>
          <Field id="board-editors" label={t('board.edited_by')} hint={t('board.edited_hint')}>
            <Select
              id="board-editors"
              mode="multiple"
              placeholder={t('board.only_me')}
              value={draft.edited_by}
              options={options}
              onChange={(edited_by: Roles) => change({ ...draft, edited_by })}
            />
          </Field>
        </>
      )}
    </div>
  );
}
