// Code to copy: how each kind of sender is connected to this installation.

export type SnippetKey = 'browser' | 'segment_node' | 'sensors_web' | 'curl';

const key_here = 'YOUR_WRITE_KEY';

const snippets: Record<SnippetKey, (host: string) => string> = {
  browser: (host) => `<script src="${host}/sdk/qiao.js"></script>
<script>
  qiao.init({ host: '${host}', writeKey: '${key_here}' });
  qiao.page();
  qiao.track('fund_detail_view', { product: 'steady-90' });
</script>`,
  segment_node: (host) => `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${key_here}', host: '${host}' });
analytics.identify({ userId: 'u-1', traits: { level: 'gold' } });
analytics.track({ userId: 'u-1', event: 'fund_purchase', properties: { amount: 5000 } });`,
  sensors_web: (host) => `import sensors from 'sa-sdk-javascript';

sensors.init({ server_url: '${host}/sa?project=default&token=${key_here}' });
sensors.login('u-1');
sensors.track('fund_purchase', { amount: 5000 });`,
  curl: (
    host,
  ) => `curl -X POST ${host}/v1/track -u ${key_here}: -H 'Content-Type: application/json' \\
  -d '{"userId":"u-1","event":"fund_purchase","properties":{"amount":5000}}'`,
};

export function snippet_of(key: SnippetKey, host: string): string {
  return snippets[key](host);
}
