import { PlusOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { NavLink, useNavigate, useParams, useSearchParams } from 'react-router';
import { useDictionary, type DictionaryKind, type Entry } from '@/features/dictionary/api/dictionary';
import { EntryDrawer } from '@/features/dictionary/components/entry_drawer';
import { EntryTable } from '@/features/dictionary/components/entry_table';
import { useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { useDebounced } from '@/ui/debounce';
import { Page, Panel } from '@/ui/page';
import { Empty } from '@/ui/states';
import { TagMaker } from './dictionary_tag';
import MissingPage from './missing';

const kinds: DictionaryKind[] = ['events', 'properties', 'tags'];
const opens_by: Record<DictionaryKind, string> = {
  events: 'event',
  properties: 'property',
  tags: 'tag',
};

export default function DictionaryPage() {
  const t = useT();
  const { kind: wanted = 'events' } = useParams();
  const kind = kinds.find((one) => one === wanted);
  if (!kind) return <MissingPage />;
  return (
    <Page
      title={t('dictionary.title')}
      lead={t('dictionary.lead')}
      actions={kind === 'tags' && <NewTagButton />}
    >
      <nav className="sub-nav" aria-label={t('dictionary.title')}>
        {kinds.map((one) => (
          <NavLink key={one} end to={one === 'events' ? '/dictionary' : `/dictionary/${one}`}>
            {t(`dictionary.${one}`)}
          </NavLink>
        ))}
      </nav>
      <Entries key={kind} kind={kind} />
    </Page>
  );
}

function Entries({ kind }: { kind: DictionaryKind }) {
  const t = useT();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const opened = params.get(opens_by[kind]);
  const [text, set_text] = useState('');
  const [status, set_status] = useState('');
  const [edited, set_edited] = useState<Entry | null>(null);
  const vocabulary = useVocabulary().data;
  const found = useDictionary(kind, useDebounced(text, 200), status);
  const home = kind === 'events' ? '/dictionary' : `/dictionary/${kind}`;
  return (
    <>
      <div className="bar">
        <Input.Search
          className="search"
          allowClear
          placeholder={t('dictionary.search')}
          aria-label={t('dictionary.search')}
          value={text}
          onChange={(event) => set_text(event.target.value)}
        />
        <Select
          style={{ width: 150 }}
          aria-label={t('ui.status')}
          value={status}
          options={[
            { value: '', label: t('dictionary.any_status') },
            ...(['unreviewed', 'reviewed', 'blocked'] as const).map((one) => ({
              value: one,
              label: t(`dictionary.status.${one}`),
            })),
          ]}
          onChange={set_status}
        />
      </div>
      <Panel flush>
        <EntryTable
          kind={kind}
          rows={found.data?.items}
          error={found.error}
          retry={() => void found.refetch()}
          open={(entry) =>
            void navigate(`${home}?${opens_by[kind]}=${encodeURIComponent(entry.name)}`)
          }
          empty={
            text || status ? (
              <Empty title={t('ui.nothing_found')} text={t('ui.change_filter')} />
            ) : (
              <Empty title={t('dictionary.empty')} text={t('dictionary.empty_text')} />
            )
          }
        />
      </Panel>
      {opened && (
        <EntryDrawer
          kind={kind}
          name={opened}
          edit_definition={(tag) => {
            set_edited(tag);
            void navigate(home);
          }}
          close={() => void navigate(home)}
        />
      )}
      {edited && vocabulary && (
        <TagMaker tag={edited} vocabulary={vocabulary} close={() => set_edited(null)} />
      )}
    </>
  );
}

function NewTagButton() {
  const t = useT();
  const vocabulary = useVocabulary().data;
  const [making, set_making] = useState(false);
  return (
    <>
      <Act
        may="edit_dictionary"
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => set_making(true)}
      >
        {t('dictionary.new_tag')}
      </Act>
      {making && vocabulary && <TagMaker vocabulary={vocabulary} close={() => set_making(false)} />}
    </>
  );
}
