import fontPath from "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf" with { type: "file" };
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import wasmPath from "@resvg/resvg-wasm/index_bg.wasm" with { type: "file" };
import { messageOf } from "../errors";
import { fileBytes } from "../packedFile";

/** The renderer holds four bytes for each pixel, and as many again while it writes the file. */
const MAX_PIXELS = 24_000_000;

export interface PngOptions {
  /** Pixels of the picture for each pixel of the drawing; default 2, for screens of high density. */
  scale?: number;
}

let font: Promise<Uint8Array> | undefined;

/**
 * The SVG document as a PNG. It takes some ten milliseconds of arithmetic, so the server calls it in a Worker; each
 * thread loads renderer and font once, at its first picture. Texts are in IBM Plex Sans, which the executable carries;
 * signs that it lacks are empty boxes. Nothing outside the document is read.
 *
 * @throws RangeError when the picture would have more than 24 million pixels; Error when the document is no SVG.
 */
export async function svgToPng(svg: string, { scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  if (!(scale > 0 && Number.isFinite(scale))) throw new RangeError(`scale: expected a positive number, got ${scale}`);
  font ??= load();
  const fontBytes = await font;
  const renderer = rendererOf(svg, fontBytes, scale);
  try {
    const pixels = Math.ceil(renderer.width * scale) * Math.ceil(renderer.height * scale);
    if (pixels > MAX_PIXELS) {
      throw new RangeError(`expected at most ${MAX_PIXELS} pixels, got ${pixels}; ask for a smaller size or scale`);
    }
    const image = renderer.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}

function rendererOf(svg: string, fontBytes: Uint8Array, scale: number): InstanceType<typeof Resvg> {
  try {
    return new Resvg(svg, {
      font: { fontBuffers: [fontBytes], defaultFontFamily: "IBM Plex Sans" },
      fitTo: { mode: "zoom", value: scale },
    });
  } catch (error) {
    throw new Error(`The document is no SVG that can be drawn: ${messageOf(error)}`);
  }
}

async function load(): Promise<Uint8Array> {
  try {
    const [bytes] = await Promise.all([fileBytes(fontPath), initWasm(fileBytes(wasmPath))]);
    return bytes;
  } catch (error) {
    // The next picture tries again.
    font = undefined;
    throw new Error(`The renderer of pictures does not load: ${messageOf(error)}`);
  }
}
