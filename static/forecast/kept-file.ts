/**
 * The file that was dropped last, kept in this browser, so that reloading the page or going back to it loses nothing. It
 * is sent to this server alone, when the page forecasts it.
 */

const DATABASE = "foresight-forecast";
const FILES = "files";
const KEY = "last";

export interface KeptFile {
  name: string;
  content: Blob;
}

/** Undefined where none is kept, or the browser keeps nothing. */
export async function keptFile(): Promise<KeptFile | undefined> {
  return inStore<KeptFile | undefined>("readonly", (files) => files.get(KEY)).catch(() => undefined);
}

/** Where the browser refuses, the file is there until the page is left. */
export async function keepFile(file: KeptFile): Promise<void> {
  await inStore("readwrite", (files) => files.put(file, KEY)).catch(() => undefined);
}

async function inStore<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await answerOf<IDBDatabase>(opened());
  try {
    return await answerOf<T>(act(database.transaction(FILES, mode).objectStore(FILES)));
  } finally {
    database.close();
  }
}

function opened(): IDBOpenDBRequest {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(FILES);
  return request;
}

function answerOf<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
