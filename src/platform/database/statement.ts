/**
 * A statement that is written once and prepared once for each connection that runs it:
 *
 *     const findLease = statement((db: SqliteHandle) =>
 *       db.select().from(leases).where(eq(leases.id, sql.placeholder("id"))).prepare());
 *     database.read((db) => findLease(db).get({ id }));
 */
export function statement<Handle extends object, Prepared>(build: (db: Handle) => Prepared): (db: Handle) => Prepared {
  const prepared = new WeakMap<Handle, Prepared>();
  return (db) => {
    const known = prepared.get(db);
    if (known !== undefined) return known;
    const made = build(db);
    prepared.set(db, made);
    return made;
  };
}
