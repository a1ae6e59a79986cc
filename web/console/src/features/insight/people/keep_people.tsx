// Asks for a name, and whether these people are meant or whoever fits, and makes the audience.

import { App, Input, Modal, Radio } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { fresh_key } from '@/api/client';
import { useLanguage, useT } from '@/i18n';
import { Field } from '@/ui/page';
import { useProblemText } from '@/ui/states';
import { date_time } from '@/ui/times';
import { useKeepPeople } from '../api/keep';
import { cut, most_letters, name_of, ways_of, type OpenedPeople, type Way } from './kept';

type Props = { opened: OpenedPeople; about: string; close: () => void };

export function KeepPeople({ opened, about, close }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const keep = useKeepPeople();
  const [name, set_name] = useState(() => cut(name_of(opened), most_letters.name));
  const [way, set_way] = useState<Way>('fixed');
  const [now] = useState(() => new Date().toISOString());
  // Pressed twice, or again after no answer came, the same choice makes one audience.
  const key = useMemo(() => fresh_key(), [name, way]);
  const ways = ways_of(opened);
  const note = { question: about, people: name_of(opened) };
  const description =
    way === 'fixed'
      ? t('people.note_fixed', { ...note, when: date_time(now, language) })
      : t('people.note_living', note);
  const run = () =>
    keep.mutate(
      { kept: { opened, way, name, description }, key },
      {
        onSuccess: (made) => {
          void message.success(
            <>
              {t('question.audience_saved', { name: made.name })}{' '}
              <Link to={`/audiences/${made.id}`}>{t('question.see_audience')}</Link>
            </>,
            8,
          );
          close();
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Modal
      open
      title={t('people.keep')}
      onCancel={close}
      onOk={run}
      okText={t('ui.save')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !name.trim(), loading: keep.isPending }}
      width={460}
    >
      <div className="fields">
        <Field id="keep-name" label={t('audience.name')}>
          <Input
            id="keep-name"
            value={name}
            maxLength={most_letters.name}
            onChange={(event) => set_name(event.target.value)}
          />
        </Field>
        {ways.length > 1 && (
          <Radio.Group
            aria-label={t('people.way')}
            value={way}
            onChange={(event) => set_way(event.target.value as Way)}
            options={ways.map((one) => ({ value: one, label: t(`people.way.${one}`) }))}
            vertical
          />
        )}
        <p className="soft small">{t(`people.hint.${way}`)}</p>
      </div>
    </Modal>
  );
}
