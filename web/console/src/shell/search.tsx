// Global search: one box that finds customers, audiences, campaigns, events, tags, boards and pages.

import { SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { get } from '@/api/client';
import type { Page, SearchHit } from '@/api/types';
import { place_groups, settings_places } from '@/app/places';
import { useLabel, useOwnText, useT } from '@/i18n';
import { useMay } from '@/session/session';
import { useDebounced } from '@/ui/debounce';
import { Failure } from '@/ui/states';

function useHits(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => get<Page<SearchHit>>('/search', { query: { text }, signal }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });
}

function usePages(text: string): SearchHit[] {
  const t = useT();
  const may = useMay();
  return useMemo(() => {
    const places = [...place_groups.flatMap((group) => group.places), ...settings_places];
    const wanted = text.toLowerCase();
    return places
      .filter((place) => may(place.permission))
      .map((place) => ({
        kind: 'page' as const,
        id: place.path,
        name: t(place.title),
        link: place.path,
      }))
      .filter((page) => page.name.toLowerCase().includes(wanted));
  }, [text, t, may]);
}

export default function GlobalSearch(props: { close: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const [text, set_text] = useState('');
  const [at, set_at] = useState(0);
  const wanted = useDebounced(text.trim(), 120);
  const found = useHits(wanted);
  const pages = usePages(wanted);
  const known = new Set(pages.map((page) => page.link));
  const from_server = (wanted && found.data?.items) || [];
  const hits = [...from_server.filter((hit) => !known.has(hit.link)), ...pages].slice(0, 12);
  useEffect(() => set_at(0), [wanted]);
  const open = (hit: SearchHit | undefined) => {
    if (!hit) return;
    props.close();
    void navigate(hit.link);
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') set_at(Math.min(at + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') set_at(Math.max(at - 1, 0));
    else if (event.key === 'Enter') open(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open
      onCancel={props.close}
      footer={null}
      closable={false}
      width={600}
      style={{ top: 72 }}
      styles={{ container: { padding: 0 } }}
      aria-label={t('shell.search_label')}
      destroyOnHidden
    >
      <div className="search-box">
        <Input
          size="large"
          variant="borderless"
          autoFocus
          prefix={<SearchOutlined aria-hidden />}
          placeholder={t('shell.search')}
          value={text}
          onChange={(event) => set_text(event.target.value)}
          onKeyDown={on_key}
          role="combobox"
          aria-label={t('shell.search_label')}
          aria-expanded={hits.length > 0}
          aria-controls="search-results"
          aria-activedescendant={hits[at] ? `hit-${at}` : undefined}
        />
        {found.error && wanted && <Failure error={found.error} inline />}
        {hits.length > 0 ? (
          <Hits hits={hits} at={at} open={open} />
        ) : (
          <p className="search-note">
            {wanted && !found.isFetching
              ? t('shell.search_none', { text: wanted })
              : t('shell.search_hint')}
          </p>
        )}
        <p className="search-keys">{t('shell.search_keys')}</p>
      </div>
    </Modal>
  );
}

function Hits(props: { hits: SearchHit[]; at: number; open: (hit: SearchHit) => void }) {
  const t = useT();
  const label = useLabel();
  const own = useOwnText();
  return (
    <ul id="search-results" className="hits" role="listbox" aria-label={t('shell.results')}>
      {props.hits.map((hit, i) => (
        <li
          key={`${hit.kind}:${hit.id}`}
          id={`hit-${i}`}
          role="option"
          aria-selected={i === props.at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.open(hit)}
        >
          <span className="clip grow">{own(hit.name)}</span>
          <span className="soft small">{label('shell.kind', hit.kind)}</span>
        </li>
      ))}
    </ul>
  );
}
