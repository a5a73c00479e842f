/** Storage (docs/storage.md): the only door to it, and the only place where transactions are opened. */
export { type BackupOptions, type BackupReport, makeBackup } from "./backup";
export { defineSqliteTables, defineTables, type Tables } from "./columns";
export type { SqliteHandle } from "./connection";
export { databasePath } from "./databasePath";
export type { Figures } from "./figures";
export { type DataFolder, openDataFolder } from "./folder";
export { measureFsyncMs } from "./fsync";
export type { Installation } from "./installation";
export { HOLDER_FILE, LOCK_FILE } from "./lockFiles";
export { currentRevision, migrateDown, migrateUp, migrationHistory, resetDatabase } from "./migrate";
export { type OpenTarget, openToInspect, openToMigrate } from "./migrationTarget";
export { openPostgres, type PostgresDatabase } from "./postgresDatabase";
export { exact, isUniqueViolation, lockedRows } from "./queries";
export { type RestoreOptions, type RestoreReport, restoreBackup } from "./restore";
export { FIGURES_FILE, openDatabase, type SqliteDatabase, type SqliteOptions } from "./sqliteDatabase";
export { statement } from "./statement";
export type { Storage, StorageHandle } from "./storage";
