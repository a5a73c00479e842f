/** Storage (docs/storage.md). This is its door: nobody outside imports another file of this room. */
export { type BackupOptions, type BackupReport, makeBackup } from "./backup";
export { defineSqliteTables, defineTables, type Tables } from "./columns";
export type { SqliteHandle } from "./connection";
export { databasePath } from "./databasePath";
export { type DataFolder, openDataFolder } from "./folder";
export { measureFsyncMs } from "./fsync";
export { excludedOf, insertOf } from "./insertOf";
export type { Installation } from "./installation";
export { HOLDER_FILE, LOCK_FILE } from "./lockFiles";
export { currentRevision, migrateDown, migrateUp, migrationHistory, resetDatabase } from "./migrate";
export { type OpenTarget, openToInspect, openToMigrate } from "./migrationTarget";
export { openPostgres, type PostgresDatabase } from "./postgresDatabase";
export { exact, insertRows, isUniqueViolation, lockedRows } from "./queries";
export { type RestoreOptions, type RestoreReport, restoreBackup } from "./restore";
export { SAMPLES_FILE, type Samples } from "./samples";
export { openDatabase, type SqliteDatabase, type SqliteOptions } from "./sqliteDatabase";
export { statement } from "./statement";
export type { Storage, StorageHandle } from "./storage";
