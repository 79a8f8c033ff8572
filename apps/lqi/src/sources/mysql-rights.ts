// What an account of MySQL or MariaDB may do, as its server says it in grants: to itself, and to the roles that it has,
// whether or not they are in force as it signs in.
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';

/** Rejects where the server does not tell. */
export async function mayWrite(pool: Pool): Promise<boolean> {
  const connection = await pool.getConnection();
  try {
    const own = await grants(connection, 'show grants');
    const theirs: string[] = [];
    for (const role of new Set(own.flatMap(rolesIn))) theirs.push(...(await grantsByRole(connection, role)));
    return [...own, ...theirs].some(isToWrite);
  } finally {
    connection.destroy(); // its role is not what it was
  }
}

async function grants(connection: PoolConnection, sql: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: 2000 });
  return rows.map((row) => String(Object.values(row)[0]));
}

// MySQL writes a role with a host, and shows what one's own roles bring; MariaDB shows it of the role that is in force.
async function grantsByRole(connection: PoolConnection, role: string): Promise<string[]> {
  if (role.includes('`@`')) return grants(connection, `show grants for current_user() using ${role}`);
  await connection.query(`set role ${role}`);
  return grants(connection, 'show grants');
}

/** As the server quotes them. */
export function rolesIn(grant: string): string[] {
  const [, roles = ''] = /^GRANT ((?:`[^`]+`(?:@`[^`]*`)?,? ?)+) TO /.exec(grant) ?? [];
  return roles.match(/`[^`]+`(?:@`[^`]*`)?/g) ?? [];
}

const writing = new Set([
  ...['ALL', 'ALL PRIVILEGES', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'TRIGGER'],
  ...['CREATE VIEW', 'CREATE ROUTINE', 'EVENT', 'FILE', 'SUPER'],
]);

export function isToWrite(grant: string): boolean {
  const [, privileges = ''] = /^GRANT (.+?) ON /.exec(grant) ?? [];
  const withoutColumns = privileges.replace(/\([^)]*\)/g, '');
  return withoutColumns.split(',').some((each) => writing.has(each.trim()));
}
