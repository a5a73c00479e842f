import { useState } from "preact/hooks";
import { type BackupFile, type FaultReport, postJson, reportOf, type StorageReport } from "../common/api";
import { Card } from "../common/card";
import { Fault } from "../common/fault";
import { formatBytes, formatNumber, formatTime } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { toast } from "../common/toast";

const FILE_COLUMNS: Column<StorageReport["files"][number]>[] = [
  { key: "name", title: "File", value: ({ name }) => name, show: ({ name }) => <code>{name}</code> },
  { key: "bytes", title: "Size", value: ({ bytes }) => bytes, show: ({ bytes }) => formatBytes(bytes) },
  { key: "meaning", title: "Holds", wraps: true, value: ({ meaning }) => meaning },
];

const BACKUP_COLUMNS: Column<BackupFile>[] = [
  { key: "time", title: "Made", unit: "UTC", value: ({ time }) => formatTime(time) },
  { key: "name", title: "File", value: ({ name }) => name, show: ({ name }) => <code>{name}</code> },
  { key: "bytes", title: "Size", value: ({ bytes }) => bytes, show: ({ bytes }) => formatBytes(bytes) },
];

/** What is kept where, how much room there is, how fast the disk is, and the backups. */
export function StorageTab() {
  const storage = useLoaded<StorageReport>("/api/system/storage");
  const backup = useBackup(storage.reload);
  return (
    <Loading what="the storage" loaded={storage}>
      {(now) => (
        <>
          <div class="cards">
            <Card title="Data" figure={formatBytes(bytesOf(now))} caption={`in ${now.dataDir}`} />
            <Card title="Free" figure={formatBytes(now.freeBytes)} caption="on that disk" />
            <Card title="Disk" figure={`${formatNumber(now.fsyncMs, 2)} ms`} caption="for a write that lasts" />
          </div>
          <section class="panel" aria-label="Files">
            <h2>Files</h2>
            <Table
              name="files"
              caption="files"
              columns={FILE_COLUMNS}
              rows={now.files}
              keyOf={({ name }) => name}
              empty={{ what: "The files of the data folder would be here." }}
            />
          </section>
          <section class="panel" aria-label="Backups">
            <header class="panel-head">
              <h2>Backups</h2>
              {now.backups.length > 0 && (
                <button type="button" disabled={backup.running} onClick={backup.make}>
                  {backup.running ? "Backing up" : "Back up now"}
                </button>
              )}
            </header>
            {backup.fault !== undefined && <Fault report={backup.fault} />}
            <Table
              name="backups"
              caption="backups"
              columns={BACKUP_COLUMNS}
              rows={now.backups}
              keyOf={({ name }) => name}
              empty={{
                what: "Copies of the database and the blobs would be here; they are made while everything runs.",
                action: { label: backup.running ? "Backing up" : "Back up now", run: backup.make },
              }}
            />
          </section>
        </>
      )}
    </Loading>
  );
}

/** Makes a backup, one at a time, and says when it is there. */
function useBackup(done: () => void): { running: boolean; fault: FaultReport | undefined; make: () => void } {
  const [running, setRunning] = useState(false);
  const [fault, setFault] = useState<FaultReport | undefined>();
  async function make(): Promise<void> {
    setRunning(true);
    setFault(undefined);
    try {
      const { name, bytes } = await postJson<BackupFile>("/api/system/backup", {});
      toast(`Backup ${name} made, ${formatBytes(bytes)}`);
      done();
    } catch (thrown) {
      setFault(reportOf(thrown, "POST /api/system/backup"));
    } finally {
      setRunning(false);
    }
  }
  return { running, fault, make: () => void make() };
}

function bytesOf({ files }: StorageReport): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
