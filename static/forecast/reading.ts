import { useEffect, useState } from "preact/hooks";
import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { answerTo } from "../common/api";
import { createStore, useStore } from "../common/store";
import { type Asked, useAsked } from "./asked";
import { type KeptFile, keepFile, keptFile } from "./kept-file";
import { fileName, goTo, readingChoices, sampleName } from "./place";

/** The file of the address; `lost` where it was dropped in another browser or too long ago. */
const dropped = createStore<KeptFile | "lost" | undefined>(undefined);

/** Takes a file in place of what was shown. */
export function takeFile(file: File): void {
  const kept = { name: file.name, content: file };
  dropped.set(kept);
  goTo({ file: file.name });
  void keepFile(kept);
}

export interface Source {
  /** For people. */
  title: string;
  reading: Asked<ReadingAnswer>;
  /** Whether the file of the address is not here. */
  isLost: boolean;
}

/** What the page shows, read as the address says. */
export function useSource(): Source {
  const [name, sample] = [useStore(fileName()), useStore(sampleName())];
  const choices = useStore(readingChoices());
  const file = useDropped(name);
  const options = encodeURIComponent(JSON.stringify(choices));
  const place = name === "" ? `sample ${sample}` : typeof file === "object" ? `file ${serialOf(file)}` : undefined;
  const reading = useAsked<ReadingAnswer>(place && `${place} ${options}`, "the file", async (signal) => {
    const body = typeof file === "object" ? file.content : await sampleContent(sample, signal);
    const headers = { "content-type": "application/octet-stream", accept: "application/json" };
    const answer = await answerTo(`/api/v1/read?options=${options}`, { method: "POST", headers, body, signal });
    return (await answer.json()) as ReadingAnswer;
  });
  return { title: name === "" ? sample : name, reading, isLost: name !== "" && file === "lost" };
}

function useDropped(name: string): KeptFile | "lost" | undefined {
  const file = useStore(dropped);
  const [, settled] = useState(false);
  const isHere = typeof file === "object" && file.name === name;
  useEffect(() => {
    if (name === "" || isHere) return;
    void keptFile().then((kept) => {
      dropped.set(kept?.name === name ? kept : "lost");
      settled(true);
    });
  }, [name]);
  return isHere || file === "lost" ? file : undefined;
}

const serials = new WeakMap<KeptFile, number>();
let lastSerial = 0;

/** Two files of one name are not one file. */
function serialOf(file: KeptFile): number {
  const serial = serials.get(file) ?? ++lastSerial;
  serials.set(file, serial);
  return serial;
}

async function sampleContent(name: string, signal: AbortSignal): Promise<Blob> {
  return (await answerTo(`/api/v1/samples/${encodeURIComponent(name)}`, { signal })).blob();
}
