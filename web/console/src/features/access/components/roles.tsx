// Which role may do what, as one table.

import { useLabel, useT } from '@/i18n';
import type { Permission } from '@/api/types';
import { Panel } from '@/ui/page';
import { Loaded } from '@/ui/states';
import { useRoles } from '../api/roles';

export default function Roles() {
  const t = useT();
  const label = useLabel();
  const roles = useRoles();
  return (
    <Panel title={t('settings.roles')} flush>
      <Loaded of={roles}>
        {({ items }) => {
          const permissions = [
            ...new Set(items.flatMap((role) => role.permissions)),
          ] as Permission[];
          return (
            <div
              style={{ overflowX: 'auto' }}
              tabIndex={0}
              role="region"
              aria-label={t('settings.roles')}
            >
              <table className="data-table">
                <caption className="visually-hidden">{t('settings.roles')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('roles.permission')}</th>
                    {items.map((role) => (
                      <th key={role.role} scope="col" style={{ textAlign: 'center' }}>
                        {label('role', role.role)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {permissions.map((permission) => (
                    <tr key={permission}>
                      <th scope="row" style={{ color: 'var(--text)' }}>
                        {label('permission', permission)}
                      </th>
                      {items.map((role) => (
                        <td key={role.role} style={{ textAlign: 'center' }}>
                          {role.permissions.includes(permission) ? (
                            <span className="good" role="img" aria-label={t('ui.yes')}>
                              ●
                            </span>
                          ) : (
                            <span className="faint" role="img" aria-label={t('ui.no')}>
                              –
                            </span>
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
