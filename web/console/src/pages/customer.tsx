import { App, Button } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Customer } from '@/api/types';
import { export_customer, useErase } from '@/features/customer/api/change';
import { useCustomer } from '@/features/customer/api/get';
import { Consents } from '@/features/customer/components/consents';
import { ExplainDrawer } from '@/features/customer/components/explain';
import { CustomerTags } from '@/features/customer/components/tags';
import { Timeline } from '@/features/customer/components/timeline';
import { named, useLabel, useLanguage, useT } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { MoreMenu } from '@/ui/more_menu';
import { Facts, Page, Panel } from '@/ui/page';
import { ReasonDialog } from '@/ui/reason_dialog';
import { Num, When } from '@/ui/show';
import { Empty, Guard, Loaded, useProblemText } from '@/ui/states';

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

function Identities({ customer }: { customer: Customer }) {
  const t = useT();
  const label = useLabel();
  return (
    <Panel title={t('customer.identities')}>
      <Facts
        rows={customer.identities.map((one) => [
          label('identity', one.kind),
          <span key={one.value}>
            <code>{one.value}</code>{' '}
            <span className="faint small">
              {one.source} · <When at={one.at} />
            </span>
          </span>,
        ])}
      />
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

function Merges({ customer }: { customer: Customer }) {
  const t = useT();
  if (customer.merges.length === 0) return null;
  return (
    <Panel title={t('customer.merges')}>
      <ul className="stack tight">
        {customer.merges.map((merge) => (
          <li key={merge.from + merge.at}>
            {merge.reason}{' '}
            <span className="faint small">
              <When at={merge.at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function MoreOfCustomer({ customer }: { customer: Customer }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [erasing, set_erasing] = useState(false);
  const save = () => {
    export_customer(customer.customer).catch((error) => void message.error(problem_text(error)));
  };
  return (
    <>
      <MoreMenu
        items={[
          { label: t('customer.export'), may: 'view_personal', act: save },
          {
            label: t('customer.erase'),
            may: 'erase_customers',
            act: () => set_erasing(true),
            danger: true,
          },
        ]}
      />
      {erasing && <EraseDialog customer={customer} close={() => set_erasing(false)} />}
    </>
  );
}

function EraseDialog(props: { customer: Customer; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const erase = useErase(props.customer.customer);
  const run = (why: string) =>
    erase.mutate(why, {
      onSuccess: () => {
        void message.success(t('customer.erase_started'));
        props.close();
      },
    });
  return (
    <ReasonDialog
      title={t('customer.erase')}
      text={t('customer.erase_text')}
      ok={t('customer.erase')}
      busy={erase.isPending}
      error={erase.error}
      act={run}
      close={props.close}
    />
  );
}
