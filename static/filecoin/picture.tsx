import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { copyText, downloadText } from "../common/download";

export interface PictureProps {
  /** Names the files. */
  name: string;
  title: string;
  unit: string;
  csv: () => string;
  curl: string;
  /** Draws it for that width. */
  draw: (widthPx: number) => ComponentChildren;
}

/** A drawing that is no chart over time, under the same head: what it shows, CSV, PNG and the command for its figures. */
export function Picture({ name, title, unit, csv, curl, draw }: PictureProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  async function savePng(): Promise<void> {
    // Fetched when it is first wanted, which is seldom.
    const { saveSvg } = await import("./svg-picture");
    await saveSvg(place.current!.querySelector("svg")!, name);
  }
  return (
    <figure class="chart" id={`chart-${name}`}>
      <figcaption class="chart-head">
        <h2>
          {title}
          <span class="unit">{unit}</span>
        </h2>
        <div class="chart-tools">
          <button type="button" class="quiet" onClick={() => downloadText(`${name}.csv`, "text/csv", csv())}>
            CSV
          </button>
          <button type="button" class="quiet" onClick={savePng}>
            PNG
          </button>
          <button type="button" class="quiet" onClick={() => copyText(curl, "Command")}>
            Copy as curl
          </button>
        </div>
      </figcaption>
      <div ref={place}>{width > 0 && draw(width)}</div>
    </figure>
  );
}
