import type { Scheme } from "./look";

/**
 * A scale of one blue hue from faint to strong, in which equal steps of a value look equally large: lightness in Oklab
 * goes straight from end to end. After B. Ottosson, "A perceptual color space for image processing", 2020, whose
 * matrices these are.
 */

interface End {
  lightness: number;
  chroma: number;
}

const HUE = (252 * Math.PI) / 180;

/** Low values lie near the ground of the page, high ones away from it. */
const ENDS: Readonly<Record<Scheme, { low: End; high: End }>> = {
  light: { low: { lightness: 0.96, chroma: 0.015 }, high: { lightness: 0.34, chroma: 0.115 } },
  dark: { low: { lightness: 0.27, chroma: 0.035 }, high: { lightness: 0.93, chroma: 0.045 } },
};
/** In the middle there is room for more colour than at either end. */
const MIDDLE_CHROMA = 0.05;

/** The colour at a fraction from 0, the lowest value, to 1, the highest. */
export function colourAt(fraction: number, scheme: Scheme): string {
  const { low, high } = ENDS[scheme];
  const lightness = low.lightness + (high.lightness - low.lightness) * fraction;
  const bulge = 4 * fraction * (1 - fraction) * MIDDLE_CHROMA;
  const chroma = low.chroma + (high.chroma - low.chroma) * fraction + bulge;
  return hex(linearFromOklab(lightness, chroma * Math.cos(HUE), chroma * Math.sin(HUE)));
}

/** On this lightness black and white are read equally well: the contrast ratio of WCAG 2 is about 4 with either. */
const EVEN_CONTRAST = 0.59;

/** Whether words on that colour read better in white than in black. */
export function needsLightWords(fraction: number, scheme: Scheme): boolean {
  const { low, high } = ENDS[scheme];
  return low.lightness + (high.lightness - low.lightness) * fraction < EVEN_CONTRAST;
}

type Rgb = readonly [red: number, green: number, blue: number];

function linearFromOklab(lightness: number, a: number, b: number): Rgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function hex(linear: Rgb): string {
  const bytes = linear.map((channel) => {
    const encoded = channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, encoded)));
  });
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
