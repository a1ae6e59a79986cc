export const settings = {
  'settings.people': '人员',
  'settings.roles': '角色',
  'settings.organisation': '机构',
  'settings.channels': '渠道',
  'settings.contact_policy': '触达规则',
  'settings.write_keys': '写入密钥',
  'settings.tokens': '接口令牌',
  'settings.general': '通用',
  'settings.audit': '审计日志',
} as const;
