import { App, Button } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Customer } from '@/api/types';
import { useCustomer } from '@/features/customer/api/get';
import { Consents } from '@/features/customer/components/consents';
import { EraseDialog, ExportDialog } from '@/features/customer/components/erase_and_export';
import { ExplainDrawer } from '@/features/customer/components/explain';
import { Identities, Merges } from '@/features/customer/components/identities';
import { MergeDialog } from '@/features/customer/components/merge_dialog';
import { CustomerStages } from '@/features/customer/components/stages';
import { CustomerTags } from '@/features/customer/components/tags';
import { Timeline } from '@/features/customer/components/timeline';
import { named, useLabel, useLanguage, useT } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { MoreMenu } from '@/ui/more_menu';
import { Page, Panel } from '@/ui/page';
import { Num, When } from '@/ui/show';
import { Empty, Guard, Loaded } from '@/ui/states';

export default function CustomerPage() {
  const { id = '' } = useParams();
  return (
    <Guard permission="view_customers">
      <Looked id={id} />
    </Guard>
  );
}

function Looked({ id }: { id: string }) {
  const customer = useCustomer(id);
  return <Loaded of={customer}>{(one) => <Shown customer={one} />}</Loaded>;
}

function Shown({ customer }: { customer: Customer }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const names = useNames();
  const vocabulary = useVocabulary().data;
  const [explained, set_explained] = useState<{ audience: string | null } | null>(null);
  const events = useMemo(
    () => vocabulary?.events.map((one) => ({ value: one.name, label: named(language, one) })) ?? [],
    [vocabulary, language],
  );
  const property_label = (event: string, property: string) => {
    const known = names.property(event, property);
    return known === property ? label('fact_property', property) : known;
  };
  const title = customer.name ?? t('customer.visitor');
  return (
    <Page
      title={title}
      crumb={<Link to="/customers">{t('customer.title')}</Link>}
      lead={customer.org_name}
      actions={
        <>
          <MoreOfCustomer customer={customer} />
          <Button onClick={() => set_explained({ audience: null })}>{t('customer.explain')}</Button>
        </>
      }
    >
      <div className="columns two">
        <div className="stack">
          <Glance customer={customer} />
          <Timeline id={customer.customer} events={events} property_label={property_label} />
        </div>
        <div className="stack">
          <CustomerTags customer={customer} tags={vocabulary?.tags ?? []} tag_label={names.tag} />
          <CustomerStages customer={customer} />
          <Audiences customer={customer} explain={(audience) => set_explained({ audience })} />
          <Identities customer={customer} />
          <Consents customer={customer} />
          <Merges customer={customer} />
        </div>
      </div>
      {explained && (
        <ExplainDrawer
          id={customer.customer}
          audience={explained.audience}
          audiences={vocabulary?.audiences ?? []}
          names={names}
          close={() => set_explained(null)}
        />
      )}
    </Page>
  );
}

function Glance({ customer }: { customer: Customer }) {
  const t = useT();
  const numbers: [string, React.ReactNode][] = [
    [t('customer.last_seen'), <When key="l" at={customer.last_seen_at} />],
    [t('customer.first_seen'), <When key="f" at={customer.first_seen_at} />],
    [t('customer.events'), <Num key="e" value={customer.event_count} />],
    [t('customer.contacts'), t('customer.contacts_text', customer.contacts)],
  ];
  return (
    <Panel>
      <div className="glance">
        {numbers.map(([name, value]) => (
          <div key={name}>
            <div className="soft small">{name}</div>
            <div style={{ fontSize: 16 }}>{value}</div>
          </div>
        ))}
      </div>
    </Panel>
  );
}

function Audiences(props: { customer: Customer; explain: (audience: string) => void }) {
  const t = useT();
  return (
    <Panel title={t('customer.audiences')}>
      {props.customer.audiences.length === 0 && <Empty title={t('customer.no_audiences')} />}
      <ul className="stack tight">
        {props.customer.audiences.map((one) => (
          <li key={one.id} className="row between">
            <Link to={`/audiences/${one.id}`}>{one.name}</Link>
            <button
              type="button"
              className="link-button small"
              onClick={() => props.explain(one.id)}
            >
              {t('customer.why')}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function MoreOfCustomer({ customer }: { customer: Customer }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [doing, set_doing] = useState<'merge' | 'export' | 'erase' | null>(null);
  const close = () => set_doing(null);
  const merged = (id: string) => {
    close();
    void message.success(t('customer.merged'));
    void navigate(`/customers/${id}`);
  };
  return (
    <>
      <MoreMenu
        items={[
          {
            label: t('customer.merge'),
            may: 'edit_customers',
            act: () => set_doing('merge'),
          },
          { label: t('customer.export'), may: 'view_personal', act: () => set_doing('export') },
          {
            label: t('customer.erase'),
            may: 'erase_customers',
            act: () => set_doing('erase'),
            danger: true,
          },
        ]}
      />
      {doing === 'merge' && <MergeDialog customer={customer} merged={merged} close={close} />}
      {doing === 'export' && <ExportDialog customer={customer} close={close} />}
      {doing === 'erase' && <EraseDialog customer={customer} close={close} />}
    </>
  );
}
