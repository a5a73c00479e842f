/** What is told to those who watch a job in this process; whatever must last stands in the events of the database. */
export interface EventHub {
  /** New events of the job are in the database. */
  changed(jobId: string): void;
  /** The job is so far; this is told and not kept. */
  progressed(jobId: string, progress: Progress): void;
  /** Watches a job until the returned function is called. */
  watch(jobId: string, watcher: Watcher): () => void;
  watchers(): number;
}

export interface Progress {
  attempt: number;
  progress: number;
  note: string | null;
}

export interface Watcher {
  changed(): void;
  progressed(progress: Progress): void;
}

export function createEventHub(): EventHub {
  const watched = new Map<string, Set<Watcher>>();
  const each = (jobId: string, tell: (watcher: Watcher) => void) => {
    for (const watcher of watched.get(jobId) ?? []) tell(watcher);
  };
  return {
    changed: (jobId) => each(jobId, (watcher) => watcher.changed()),
    progressed: (jobId, progress) => each(jobId, (watcher) => watcher.progressed(progress)),
    watch(jobId, watcher) {
      const watchers = watched.get(jobId) ?? new Set();
      watched.set(jobId, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) watched.delete(jobId);
      };
    },
    watchers: () => [...watched.values()].reduce((total, { size }) => total + size, 0),
  };
}
