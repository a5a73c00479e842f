/** Empty for ever: only its locks matter. Opening and closing it by other means in the holder's process frees it. */
export const LOCK_FILE = "foresight.lock";
/** What is put behind a database file's name for its lock, of which the same is true. */
export const LOCK_SUFFIX = ".lock";
/** The process that holds the lock, for people to read; the lock itself never depends on it. */
export const HOLDER_FILE = "foresight.pid";
