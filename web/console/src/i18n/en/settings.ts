export const settings = {
  'settings.people': 'People',
  'settings.roles': 'Roles',
  'settings.organisation': 'Organisation',
  'settings.channels': 'Channels',
  'settings.contact_policy': 'Contact policy',
  'settings.write_keys': 'Write keys',
  'settings.tokens': 'API tokens',
  'settings.general': 'General',
  'settings.audit': 'Audit log',
};
