// The product that a question is about; and what stands there when it was removed since.

import { Select } from 'antd';
import type { Product } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Panel } from '@/ui/page';
import { Empty } from '@/ui/states';
import { product_name } from './measures';

type Props = { products: Product[]; value: Product | null; change: (id: string) => void };

export function ProductSelect({ products, value, change }: Props) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <Select<string>
      style={{ width: 160 }}
      aria-label={t('product.one')}
      placeholder={t('product.choose')}
      value={value?.id}
      options={products.map((one) => ({ value: one.id, label: product_name(one, language) }))}
      onChange={change}
    />
  );
}

// A link or a tile may outlive its product. Another one is the person's to choose, not the page's.
export function ProductGone({ products, change }: Omit<Props, 'value'>) {
  const t = useT();
  return (
    <Panel>
      <Empty
        title={t('product.gone')}
        text={t('product.gone_text')}
        action={<ProductSelect {...{ products, change }} value={null} />}
      />
    </Panel>
  );
}
