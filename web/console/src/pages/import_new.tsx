import { InboxOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useRef, useState, type DragEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ImportMapping } from '@/api/types';
import { usePreviewImport, useStartImport } from '@/features/collect/api/imports';
import { MappingEditor } from '@/features/collect/components/mapping';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Facts, Field, Page, Panel } from '@/ui/page';
import { Failure, Guard, Loading } from '@/ui/states';
import './import_new.css';

const delimiters: Record<string, string> = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'bar' };

export default function ImportNewPage() {
  return (
    <Guard permission="import_data">
      <NewImport />
    </Guard>
  );
}

function blocked_by(mapping: ImportMapping | null): 'file' | 'event' | null {
  if (!mapping) return 'file';
  const no_event =
    mapping.kind === 'events' &&
    (!mapping.event || ('name' in mapping.event && !mapping.event.name));
  return no_event ? 'event' : null;
}

function NewImport() {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const [file, set_file] = useState<File | null>(null);
  const [name, set_name] = useState('');
  const [mapping, set_mapping] = useState<ImportMapping | null>(null);
  const preview = usePreviewImport();
  const start = useStartImport();
  const take = (chosen: File) => {
    set_file(chosen);
    set_name(chosen.name);
    set_mapping(null);
    preview.mutate(chosen, { onSuccess: (found) => set_mapping(found.mapping) });
  };
  const blocked = blocked_by(mapping);
  const run = () =>
    start.mutate(
      { file: file!, name, mapping: mapping! },
      { onSuccess: () => void navigate('/imports') },
    );
  return (
    <Page
      title={t('imports.new')}
      crumb={<Link to="/imports">{t('imports.title')}</Link>}
      actions={
        <Act
          may="import_data"
          type="primary"
          blocked={blocked && t(`imports.missing.${blocked}`)}
          loading={start.isPending}
          onClick={run}
        >
          {t('imports.start')}
        </Act>
      }
    >
      <div className="stack">
        {start.error && <Failure error={start.error} inline />}
        <DropZone file={file} take={take} />
        {preview.isPending && <Loading rows={4} />}
        {preview.error && <Failure error={preview.error} inline />}
        {preview.data && mapping && (
          <>
            <Panel title={t('imports.recognised')}>
              <div className="fields">
                <Field id="import-name" label={t('ui.name')}>
                  <Input
                    id="import-name"
                    style={{ maxWidth: 420 }}
                    value={name}
                    onChange={(event) => set_name(event.target.value)}
                  />
                </Field>
                <Facts
                  rows={[
                    [t('imports.format'), preview.data.format.toUpperCase()],
                    [t('imports.encoding'), preview.data.encoding || '–'],
                    [
                      t('imports.delimiter'),
                      label('delimiter', delimiters[preview.data.delimiter ?? ''] ?? '–'),
                    ],
                  ]}
                />
              </div>
            </Panel>
            <Panel title={t('imports.mapping')}>
              <MappingEditor preview={preview.data} mapping={mapping} change={set_mapping} />
            </Panel>
          </>
        )}
      </div>
    </Page>
  );
}

function DropZone(props: { file: File | null; take: (file: File) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [over, set_over] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    set_over(false);
    const file = event.dataTransfer.files[0];
    if (file) props.take(file);
  };
  return (
    <button
      type="button"
      className={`drop-zone ${over ? 'over' : ''}`}
      onClick={() => input.current?.click()}
      onDragOver={(event) => {
        event.preventDefault();
        set_over(true);
      }}
      onDragLeave={() => set_over(false)}
      onDrop={drop}
    >
      <InboxOutlined aria-hidden style={{ fontSize: 28 }} />
      <span>{props.file ? props.file.name : t('imports.drop')}</span>
      <span className="soft small">{t('imports.formats')}</span>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.parquet"
        onChange={(event) => event.target.files?.[0] && props.take(event.target.files[0])}
      />
    </button>
  );
}
