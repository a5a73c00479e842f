import type { Ink } from "./look";

/**
 * A chart as what is put on paper, from back to front: pixels from the top left corner. It becomes SVG here; a PDF
 * draws the same marks, since paths are in the path language of SVG that PDF writers read too.
 */
export interface Drawing {
  widthPx: number;
  heightPx: number;
  /** What the chart shows, for readers that speak. */
  label: string;
  ink: Ink;
  marks: readonly Mark[];
}

export type Mark =
  | ({ kind: "box"; x: number; y: number; width: number; height: number } & Fill)
  | ({ kind: "area"; d: string } & Fill)
  | { kind: "line"; d: string; stroke: string; widthPx: number; dash?: readonly number[]; name?: string }
  | { kind: "words"; x: number; y: number; text: string; sizePx: number; fill: string; anchor: Anchor };

interface Fill {
  fill: string;
  opacity?: number;
  /** Edges are not softened, so that between neighbours no seam shows. */
  crisp?: true;
  name?: string;
}

/** Which end of the words stands at x. Their y is that of the line they stand on. */
export type Anchor = "start" | "middle" | "end";

/** The family name of the font that the executable carries, then what a browser has. */
const FONT_FAMILY = "IBM Plex Sans, system-ui, sans-serif";

/** The drawing as an SVG document that needs nothing else. Texts and names are escaped. */
export function svgOf({ widthPx, heightPx, label, ink, marks }: Drawing): string {
  const size = `width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}"`;
  const font = `font-family="${FONT_FAMILY}" font-variant-numeric="tabular-nums"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} role="img"><title>${escaped(label)}</title>`;
  const ground = `<rect width="100%" height="100%" fill="${ink.surface}"/>`;
  return `${head}${ground}${marks.map(elementOf).join("")}</svg>`;
}

function elementOf(mark: Mark): string {
  switch (mark.kind) {
    case "box": {
      const { x, y, width, height } = mark;
      const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
      return `<rect ${place} ${fillOf(mark)}${nameOf(mark)}/>`;
    }
    case "line": {
      const dash = mark.dash ?? [];
      // Round ends would close the gaps of a short dash.
      const ends = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : ' stroke-linecap="round"';
      const stroke = `stroke="${mark.stroke}" stroke-width="${mark.widthPx}" stroke-linejoin="round"${ends}`;
      return `<path d="${mark.d}" fill="none" ${stroke}${nameOf(mark)}/>`;
    }
    case "area":
      return `<path d="${mark.d}" ${fillOf(mark)}${nameOf(mark)}/>`;
    case "words": {
      const anchor = mark.anchor === "start" ? "" : ` text-anchor="${mark.anchor}"`;
      const place = `x="${short(mark.x)}" y="${short(mark.y)}" font-size="${mark.sizePx}" fill="${mark.fill}"${anchor}`;
      return `<text ${place}>${escaped(mark.text)}</text>`;
    }
  }
}

function fillOf({ fill, opacity, crisp }: Fill): string {
  const opaque = opacity === undefined ? "" : ` fill-opacity="${opacity}"`;
  return `fill="${fill}"${opaque}${crisp ? ' shape-rendering="crispEdges"' : ""}`;
}

function nameOf({ name }: { name?: string }): string {
  return name === undefined ? "" : ` data-name="${escaped(name)}"`;
}

function short(coordinate: number): string {
  return String(Math.round(coordinate * 100) / 100);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a quoted attribute on one line. What XML 1.0 has no place for becomes U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, " ")
    .replace(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}
